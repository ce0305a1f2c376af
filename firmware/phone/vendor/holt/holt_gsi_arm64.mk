# A generic system image: goes onto phones of many makers in the place of their system, beside their own vendor partition.
$(call inherit-product, $(SRC_TARGET_DIR)/product/core_64_bit_only.mk)
$(call inherit-product, $(SRC_TARGET_DIR)/product/generic_system.mk)
$(call inherit-product, $(SRC_TARGET_DIR)/product/handheld_system_ext.mk)
$(call inherit-product, $(SRC_TARGET_DIR)/product/telephony_system_ext.mk)
$(call inherit-product, $(SRC_TARGET_DIR)/product/aosp_product.mk)
$(call inherit-product, $(SRC_TARGET_DIR)/product/gsi_release.mk)
$(call inherit-product, vendor/holt/holt_common.mk)

PRODUCT_NAME := holt_gsi_arm64
PRODUCT_DEVICE := generic_arm64
PRODUCT_MANUFACTURER := Holt
PRODUCT_BRAND := Holt
PRODUCT_MODEL := Holt phone, GSI arm64

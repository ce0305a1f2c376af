# Cuttlefish, a phone in a virtual machine, for servers with ARM processors.
$(call inherit-product, device/google/cuttlefish/vsoc_arm64_only/phone/aosp_cf.mk)
$(call inherit-product, vendor/holt/holt_common.mk)

PRODUCT_NAME := holt_cf_arm64_phone
PRODUCT_DEVICE := vsoc_arm64_only
PRODUCT_MANUFACTURER := Holt
PRODUCT_BRAND := Holt
PRODUCT_MODEL := Holt phone, Cuttlefish arm64

# Cuttlefish, a phone in a virtual machine, for PCs.
$(call inherit-product, device/google/cuttlefish/vsoc_x86_64_only/phone/aosp_cf.mk)
$(call inherit-product, vendor/holt/holt_common.mk)

PRODUCT_NAME := holt_cf_x86_64_phone
PRODUCT_DEVICE := vsoc_x86_64_only
PRODUCT_MANUFACTURER := Holt
PRODUCT_BRAND := Holt
PRODUCT_MODEL := Holt phone, Cuttlefish x86_64

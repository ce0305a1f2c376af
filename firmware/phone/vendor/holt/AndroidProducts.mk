# The phones that are built with Holt in them; `lunch` shows them.
PRODUCT_MAKEFILES := \
    $(LOCAL_DIR)/holt_cf_x86_64_phone.mk \
    $(LOCAL_DIR)/holt_cf_arm64_phone.mk \
    $(LOCAL_DIR)/holt_gsi_arm64.mk

COMMON_LUNCH_CHOICES := \
    holt_cf_x86_64_phone-trunk_staging-userdebug \
    holt_cf_arm64_phone-trunk_staging-userdebug \
    holt_gsi_arm64-trunk_staging-userdebug

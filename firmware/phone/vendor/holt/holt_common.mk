# What makes a phone a Holt phone, whatever it is built for.

PRODUCT_PACKAGES += \
    Holt \
    HoltSetup \
    privapp-permissions-org.holt.app.xml \
    default-permissions-org.holt.app.xml \
    sysconfig-org.holt.app.xml

# The domain of the node, and the key by which it is recognised.
SYSTEM_EXT_PRIVATE_SEPOLICY_DIRS += vendor/holt/sepolicy

# Holt on the first screen.
PRODUCT_PACKAGE_OVERLAYS += vendor/holt/overlay

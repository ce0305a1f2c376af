################################################################################
#
# holt
#
################################################################################

# A folder that `npm run image` makes of dist/: what is bundled there comes from the lockfile, by its hashes.
HOLT_SERVICES ?= $(BR2_EXTERNAL_HOLT_PATH)/../build/release/services
HOLT_VERSION = $(shell sed -n 's/^  "version": "\(.*\)",$$/\1/p' $(BR2_EXTERNAL_HOLT_PATH)/../package.json)
HOLT_SITE = $(HOLT_SERVICES)
HOLT_SITE_METHOD = local
HOLT_LICENSE = Apache-2.0, licences of the bundled npm packages
HOLT_LICENSE_FILES = LICENSE bundled-licences.txt
HOLT_DEPENDENCIES = holt-node

define HOLT_INSTALL_TARGET_CMDS
	mkdir -p $(TARGET_DIR)/usr/lib/holt/dist
	cp -R $(@D)/dist/. $(TARGET_DIR)/usr/lib/holt/dist/
endef

$(eval $(generic-package))

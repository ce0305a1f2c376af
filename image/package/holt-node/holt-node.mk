################################################################################
#
# holt-node
#
################################################################################

HOLT_NODE_VERSION = 24.21.0
HOLT_NODE_NPM_PACKAGE = node-linux-$(if $(BR2_aarch64),arm64,x64)
HOLT_NODE_SOURCE = $(HOLT_NODE_NPM_PACKAGE)-$(HOLT_NODE_VERSION).tgz
HOLT_NODE_SITE = $(HOLT_NPM_REGISTRY)/$(HOLT_NODE_NPM_PACKAGE)/-
HOLT_NODE_LICENSE = MIT (Node.js), other permissive licences (bundled libraries)
HOLT_NODE_LICENSE_FILES = LICENSE
HOLT_NODE_CPE_ID_VENDOR = nodejs
HOLT_NODE_CPE_ID_PRODUCT = node.js
# headers, for packages with native code
HOLT_NODE_INSTALL_STAGING = YES

define HOLT_NODE_INSTALL_STAGING_CMDS
	mkdir -p $(STAGING_DIR)/usr/include/node
	cp -a $(@D)/include/node/. $(STAGING_DIR)/usr/include/node/
endef

define HOLT_NODE_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/bin/node $(TARGET_DIR)/usr/lib/holt/node
endef

$(eval $(generic-package))

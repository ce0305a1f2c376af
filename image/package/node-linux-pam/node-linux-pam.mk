################################################################################
#
# node-linux-pam
#
################################################################################

NODE_LINUX_PAM_VERSION = 0.2.1
NODE_LINUX_PAM_SOURCE = node-linux-pam-$(NODE_LINUX_PAM_VERSION).tgz
NODE_LINUX_PAM_SITE = $(HOLT_NPM_REGISTRY)/node-linux-pam/-
NODE_LINUX_PAM_LICENSE = MIT
NODE_LINUX_PAM_LICENSE_FILES = LICENSE
NODE_LINUX_PAM_DEPENDENCIES = linux-pam holt-node

# headers only
NODE_LINUX_PAM_ADDON_API = node-addon-api-3.1.0.tgz
NODE_LINUX_PAM_EXTRA_DOWNLOADS = $(HOLT_NPM_REGISTRY)/node-addon-api/-/$(NODE_LINUX_PAM_ADDON_API)

define NODE_LINUX_PAM_EXTRACT_ADDON_API
	mkdir -p $(@D)/node-addon-api
	$(call suitable-extractor,$(NODE_LINUX_PAM_ADDON_API)) \
		$(NODE_LINUX_PAM_DL_DIR)/$(NODE_LINUX_PAM_ADDON_API) | \
		$(TAR) --strip-components=1 -C $(@D)/node-addon-api $(TAR_OPTIONS) -
endef
NODE_LINUX_PAM_POST_EXTRACT_HOOKS += NODE_LINUX_PAM_EXTRACT_ADDON_API

# two files: without node-gyp, which would want Node and Python on the building machine
define NODE_LINUX_PAM_BUILD_CMDS
	$(TARGET_CXX) $(TARGET_CXXFLAGS) -std=gnu++17 -fPIC -shared -fexceptions \
		-DNODE_GYP_MODULE_NAME=node-linux-pam -DBUILDING_NODE_EXTENSION -DNAPI_CPP_EXCEPTIONS \
		-I$(STAGING_DIR)/usr/include/node -I$(@D)/node-addon-api \
		$(@D)/src/index.cc $(@D)/src/pam_worker.cc \
		$(TARGET_LDFLAGS) -lpam -o $(@D)/node-linux-pam.node
endef

define NODE_LINUX_PAM_INSTALL_TARGET_CMDS
	$(INSTALL) -D -m 0755 $(@D)/node-linux-pam.node \
		$(TARGET_DIR)/usr/lib/holt/dist/node-linux-pam.node
endef

$(eval $(generic-package))

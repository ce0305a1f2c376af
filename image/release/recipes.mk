# Reads our package recipes with plain GNU make, without Buildroot: what each says is printed, its commands are only expanded.
#   make -n -f recipes.mk EXTERNAL=… ARCH=x86_64|aarch64 show
BR2_EXTERNAL_HOLT_PATH := $(EXTERNAL)
BR2_$(ARCH) := y
TARGET_DIR := /target
STAGING_DIR := /staging
TARGET_CXX := c++
INSTALL := install
TAR := tar
TAR_OPTIONS := -xf
HOLT_NPM_REGISTRY := registry:
suitable-extractor = gzip -d -c
qstrip = $(strip $(subst ",,$(1)))
UPPERCASE = $(shell echo '$(1)' | tr 'a-z-' 'A-Z_')

# the recipe's own folder names the package, as in Buildroot
pkgname = $(notdir $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST)))))
packages :=
define note-package
packages += $(pkgname)
endef
generic-package = $(note-package)

include $(EXTERNAL)/external.mk

fields := VERSION SOURCE SITE SITE_METHOD LICENSE LICENSE_FILES DEPENDENCIES EXTRA_DOWNLOADS
commands := BUILD_CMDS INSTALL_TARGET_CMDS INSTALL_STAGING_CMDS

define newline


endef

.PHONY: show expand $(packages)
show:
	@: $(foreach package,$(packages),$(foreach field,$(fields),$(info $(package) $(field) $($(call UPPERCASE,$(package))_$(field)))))

# a dry run: every command is expanded, none is run
expand: $(packages)
$(packages):
	$(foreach command,$(commands),$(newline)$($(call UPPERCASE,$@)_$(command)))
	$(foreach hook,$($(call UPPERCASE,$@)_POST_EXTRACT_HOOKS),$(newline)$($(hook)))

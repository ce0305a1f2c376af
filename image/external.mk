# Where npm packages come from: the registry npm is set to. What comes is checked by the hashes beside each package.
ifndef HOLT_NPM_REGISTRY
HOLT_NPM_REGISTRY := $(patsubst %/,%,$(shell npm config get registry 2>/dev/null))
endif
export HOLT_NPM_REGISTRY

include $(sort $(wildcard $(BR2_EXTERNAL_HOLT_PATH)/package/*/*.mk))

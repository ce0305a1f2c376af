#!/bin/sh
# What busybox's DHCP client calls: takes the address, the route, and prints them.
case $1 in
deconfig)
  ip addr flush dev "$interface"
  ;;
bound)
  ip addr add "$ip/$mask" dev "$interface"
  for first in $router; do
    ip route replace default via "$first"
    break
  done
  echo "lease $ip ${first:-} \"$dns\" \"$domain\""
  ;;
esac

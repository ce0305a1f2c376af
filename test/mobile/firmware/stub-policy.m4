# What our rules stand on, as small as can be: names of Android's own policy with the fewest permissions that show whether a rule fits. Not Android's policy.
class process
class file
class dir
class sock_file
class blk_file
class chr_file
class fd
class service_manager
class capability
class tcp_socket
class udp_socket
sid kernel
common files { append create execute execute_no_trans getattr lock map open read rename setattr unlink write }
class process { execmem fork ptrace sigchld transition }
class file inherits files
class dir { add_name create getattr open read remove_name rename rmdir search setattr write }
class sock_file inherits files
class blk_file inherits files
class chr_file inherits files
class fd { use }
class service_manager { add find }
class capability { chown net_admin sys_admin }
class tcp_socket { accept bind connect create listen read write }
class udp_socket { bind create read write }
attribute domain;
attribute coredomain;
attribute appdomain;
attribute netdomain;
attribute file_type;
type kernel, domain;
type priv_app, domain, coredomain, appdomain;
type mediaprovider_app, domain, coredomain, appdomain;
type app_data_file, file_type;
type privapp_data_file, file_type;
type media_rw_data_file, file_type;
type system_file, file_type;
type system_data_file, file_type;
type vold_data_file, file_type;
type block_device, file_type;
type kmem_device, file_type;
type app_api_service;
type system_api_service;
define(`app_domain', `typeattribute $1 appdomain;')
define(`net_domain', `typeattribute $1 netdomain;')
allow netdomain self:tcp_socket { accept bind connect create listen read write };
allow netdomain self:udp_socket { bind create read write };
allow appdomain system_file:file { execute getattr map open read };
# As Android's own policy has them for every app.
neverallow appdomain system_data_file:file { append create rename setattr unlink write };
neverallow appdomain { block_device kmem_device vold_data_file }:{ blk_file chr_file file } { open read write };
neverallow appdomain domain:process ptrace;
neverallow appdomain self:capability *;
include(`RULES')
role r;
role r types { domain };
user u roles { r };
sid kernel u:r:kernel

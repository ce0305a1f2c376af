package org.holt.app;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;
import android.content.IntentFilter;
import android.net.ConnectivityManager;
import android.net.Network;
import android.net.NetworkCapabilities;
import android.os.BatteryManager;
import java.util.LinkedHashMap;
import java.util.Map;

/** Whether the phone is charged, and what its line is like. Android tells when it changes; nothing looks by itself. */
final class Conditions {
    private final Context context;
    private final Runnable changed;
    private final BroadcastReceiver power = new BroadcastReceiver() {
        @Override
        public void onReceive(Context context, Intent intent) {
            changed.run();
        }
    };
    private final ConnectivityManager.NetworkCallback network = new ConnectivityManager.NetworkCallback() {
        @Override
        public void onCapabilitiesChanged(Network network, NetworkCapabilities capabilities) {
            changed.run();
        }

        @Override
        public void onLost(Network network) {
            changed.run();
        }
    };

    Conditions(Context context, Runnable changed) {
        this.context = context;
        this.changed = changed;
    }

    void watch() {
        IntentFilter filter = new IntentFilter(Intent.ACTION_POWER_CONNECTED);
        filter.addAction(Intent.ACTION_POWER_DISCONNECTED);
        context.registerReceiver(power, filter);
        connectivity().registerDefaultNetworkCallback(network);
    }

    void end() {
        context.unregisterReceiver(power);
        connectivity().unregisterNetworkCallback(network);
    }

    Map<String, Object> message() {
        NetworkCapabilities line = connectivity().getNetworkCapabilities(connectivity().getActiveNetwork());
        Map<String, Object> message = new LinkedHashMap<String, Object>();
        message.put("kind", "conditions");
        message.put("charging", ((BatteryManager) context.getSystemService(Context.BATTERY_SERVICE)).isCharging());
        message.put("wifi", line != null && line.hasTransport(NetworkCapabilities.TRANSPORT_WIFI));
        message.put("metered", line == null || !line.hasCapability(NetworkCapabilities.NET_CAPABILITY_NOT_METERED));
        return message;
    }

    private ConnectivityManager connectivity() {
        return (ConnectivityManager) context.getSystemService(Context.CONNECTIVITY_SERVICE);
    }
}

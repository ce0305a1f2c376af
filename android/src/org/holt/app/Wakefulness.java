package org.holt.app;

import android.content.Context;
import android.net.wifi.WifiManager;
import android.os.PowerManager;

/** Keeps the phone awake, and what others say to all on a Wi-Fi coming through, as long as the node has something to do and no longer. */
final class Wakefulness {
    /** The node ends its work before; a node that died holds nothing longer than that. */
    private static final long LONGEST_MS = 10 * 60 * 1000;
    private final PowerManager.WakeLock work;
    private final WifiManager.MulticastLock multicast;

    Wakefulness(Context context) {
        work = ((PowerManager) context.getSystemService(Context.POWER_SERVICE)).newWakeLock(PowerManager.PARTIAL_WAKE_LOCK, "holt:work");
        work.setReferenceCounted(false);
        multicast = ((WifiManager) context.getSystemService(Context.WIFI_SERVICE)).createMulticastLock("holt");
        multicast.setReferenceCounted(false);
    }

    synchronized void demand(boolean isWork, boolean isMulticast) {
        if (isWork) work.acquire(LONGEST_MS);
        else work.release();
        if (isMulticast) multicast.acquire();
        else multicast.release();
    }

    void end() {
        demand(false, false);
    }
}

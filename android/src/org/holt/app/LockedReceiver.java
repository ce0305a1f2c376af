package org.holt.app;

import android.content.BroadcastReceiver;
import android.content.Context;
import android.content.Intent;

/**
 * The phone was started, and is not unlocked yet: the node's keys and packs are sealed by what its owner types, so nothing of it can start. The owner
 * is told that it waits, for without an unlock nobody reaches this phone.
 */
public final class LockedReceiver extends BroadcastReceiver {
    @Override
    public void onReceive(Context context, Intent intent) {
        if (!Intent.ACTION_LOCKED_BOOT_COMPLETED.equals(intent.getAction())) return;
        if (Wish.wasToRun(context)) Notices.showLocked(context);
    }
}

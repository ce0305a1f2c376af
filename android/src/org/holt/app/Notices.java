package org.holt.app;

import android.app.Notification;
import android.app.NotificationChannel;
import android.app.NotificationManager;
import android.app.PendingIntent;
import android.content.Context;
import android.content.Intent;
import android.os.Build;

/** What the phone shows of the node beside its page. */
final class Notices {
    static final int RUNNING = 1;
    private static final int LOCKED = 2;
    private static final String CHANNEL = "node";

    private Notices() {}

    /** One that opens the app; who asks says the rest. */
    static Notification.Builder of(Context context, int title) {
        Notification.Builder builder;
        if (Build.VERSION.SDK_INT >= 26) {
            manager(context).createNotificationChannel(
                    new NotificationChannel(CHANNEL, context.getString(R.string.channel), NotificationManager.IMPORTANCE_LOW));
            builder = new Notification.Builder(context, CHANNEL);
        } else {
            builder = new Notification.Builder(context);
        }
        PendingIntent open = PendingIntent.getActivity(context, 0, new Intent(context, MainActivity.class), immutable());
        return builder.setSmallIcon(R.drawable.icon).setContentTitle(context.getString(title)).setContentIntent(open);
    }

    static int immutable() {
        return Build.VERSION.SDK_INT >= 23 ? PendingIntent.FLAG_IMMUTABLE : 0;
    }

    /** The phone was started and nobody has unlocked it since. */
    static void showLocked(Context context) {
        manager(context).notify(LOCKED, of(context, R.string.locked).build());
    }

    static void hideLocked(Context context) {
        manager(context).cancel(LOCKED);
    }

    private static NotificationManager manager(Context context) {
        return (NotificationManager) context.getSystemService(Context.NOTIFICATION_SERVICE);
    }
}

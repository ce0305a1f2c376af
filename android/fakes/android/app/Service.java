package android.app;

import android.content.ContextWrapper;
import android.content.Intent;
import android.os.IBinder;

public abstract class Service extends ContextWrapper {
    public static final int START_STICKY = 1;
    public static final int START_NOT_STICKY = 2;
    /** Of the fake only. */
    public boolean isForeground;
    public boolean isStopped;

    public void onCreate() {}

    public int onStartCommand(Intent intent, int flags, int startId) {
        return START_STICKY;
    }

    public abstract IBinder onBind(Intent intent);

    public boolean onUnbind(Intent intent) {
        return false;
    }

    public void onTaskRemoved(Intent intent) {}

    public void onDestroy() {}

    public final void startForeground(int id, Notification notification) {
        isForeground = true;
    }

    public final void stopForeground(boolean remove) {
        isForeground = false;
    }

    public final void stopSelf() {
        isStopped = true;
    }
}

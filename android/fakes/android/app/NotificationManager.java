package android.app;

public class NotificationManager {
    public static final int IMPORTANCE_LOW = 2;

    public void createNotificationChannel(NotificationChannel channel) {}

    /** Of the fake only. */
    public static volatile int shown;

    public void notify(int id, Notification notice) {
        shown = id;
    }

    public void cancel(int id) {
        if (shown == id) shown = 0;
    }
}

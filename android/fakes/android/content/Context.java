package android.content;

import android.content.res.AssetManager;
import java.io.File;

/** Fake: what the system does is in FakePhone. */
public abstract class Context {
    public static final String NOTIFICATION_SERVICE = "notification";
    public static final String BATTERY_SERVICE = "batterymanager";
    public static final String CONNECTIVITY_SERVICE = "connectivity";
    public static final String POWER_SERVICE = "power";
    public static final String WIFI_SERVICE = "wifi";
    public static final String JOB_SCHEDULER_SERVICE = "jobscheduler";
    public static final int BIND_AUTO_CREATE = 1;

    /** What stands in for the system. */
    public interface Fake {
        File folder(String name);

        File assets();

        Object service(String name);

        void start(Intent intent, boolean foreground);

        void bind(ServiceConnection connection);

        boolean mayUse(String permission);

        void askOwner(android.app.Activity activity, String[] permissions, int code);

        ContentResolver resolver();

        void register(BroadcastReceiver receiver);
    }

    public static Fake fake;

    public File getFilesDir() {
        return fake.folder("files");
    }

    public Context createDeviceProtectedStorageContext() {
        return new ContextWrapper() {
            @Override
            public File getFilesDir() {
                return fake.folder("unsealed");
            }
        };
    }

    public File getCacheDir() {
        return fake.folder("cache");
    }

    public AssetManager getAssets() {
        return new AssetManager(fake.assets());
    }

    public android.content.pm.PackageManager getPackageManager() {
        return null;
    }

    public ContentResolver getContentResolver() {
        return fake.resolver();
    }

    public int checkSelfPermission(String permission) {
        return fake.mayUse(permission) ? 0 : -1;
    }

    public Intent registerReceiver(BroadcastReceiver receiver, IntentFilter filter) {
        fake.register(receiver);
        return null;
    }

    public void unregisterReceiver(BroadcastReceiver receiver) {}

    public Object getSystemService(String name) {
        return fake.service(name);
    }

    public final String getString(int id) {
        return "string " + id;
    }

    public ComponentName startService(Intent intent) {
        fake.start(intent, false);
        return null;
    }

    public ComponentName startForegroundService(Intent intent) {
        fake.start(intent, true);
        return null;
    }

    public boolean bindService(Intent intent, ServiceConnection connection, int flags) {
        fake.bind(connection);
        return true;
    }

    public void unbindService(ServiceConnection connection) {}

    public void startActivity(Intent intent) {}
}

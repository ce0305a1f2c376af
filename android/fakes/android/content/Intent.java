package android.content;

import android.net.Uri;

public class Intent {
    public static final String ACTION_BOOT_COMPLETED = "android.intent.action.BOOT_COMPLETED";
    public static final String ACTION_LOCKED_BOOT_COMPLETED = "android.intent.action.LOCKED_BOOT_COMPLETED";
    public static final String ACTION_MY_PACKAGE_REPLACED = "android.intent.action.MY_PACKAGE_REPLACED";
    public static final String ACTION_POWER_CONNECTED = "android.intent.action.ACTION_POWER_CONNECTED";
    public static final String ACTION_POWER_DISCONNECTED = "android.intent.action.ACTION_POWER_DISCONNECTED";
    public static final String ACTION_VIEW = "android.intent.action.VIEW";
    public static final String ACTION_MAIN = "android.intent.action.MAIN";
    public static final String CATEGORY_HOME = "android.intent.category.HOME";
    public static final int FLAG_ACTIVITY_NEW_TASK = 0x10000000;
    public static final String ACTION_SEND = "android.intent.action.SEND";
    public static final String ACTION_SEND_MULTIPLE = "android.intent.action.SEND_MULTIPLE";
    public static final String EXTRA_STREAM = "android.intent.extra.STREAM";
    public static final String EXTRA_TEXT = "android.intent.extra.TEXT";
    /** Of the fake only. */
    public Class<?> target;
    public java.util.ArrayList<Uri> streams = new java.util.ArrayList<Uri>();
    public String text;
    private String action;

    public Intent() {}

    public Intent(String action) {
        this.action = action;
    }

    public Intent(String action, Uri uri) {
        this.action = action;
    }

    public Intent(Context context, Class<?> target) {
        this.target = target;
    }

    @SuppressWarnings("unchecked")
    public <T extends android.os.Parcelable> T getParcelableExtra(String name) {
        return streams.isEmpty() ? null : (T) streams.get(0);
    }

    @SuppressWarnings("unchecked")
    public <T extends android.os.Parcelable> java.util.ArrayList<T> getParcelableArrayListExtra(String name) {
        return (java.util.ArrayList<T>) streams;
    }

    public CharSequence getCharSequenceExtra(String name) {
        return text;
    }

    public Intent setAction(String given) {
        action = given;
        return this;
    }

    public Intent setComponent(ComponentName component) {
        return this;
    }

    public Intent addCategory(String category) {
        return this;
    }

    public Intent setFlags(int flags) {
        return this;
    }

    public String getAction() {
        return action;
    }
}

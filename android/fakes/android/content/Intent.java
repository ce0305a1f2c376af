package android.content;

import android.net.Uri;

public class Intent {
    public static final String ACTION_BOOT_COMPLETED = "android.intent.action.BOOT_COMPLETED";
    public static final String ACTION_MY_PACKAGE_REPLACED = "android.intent.action.MY_PACKAGE_REPLACED";
    public static final String ACTION_POWER_CONNECTED = "android.intent.action.ACTION_POWER_CONNECTED";
    public static final String ACTION_POWER_DISCONNECTED = "android.intent.action.ACTION_POWER_DISCONNECTED";
    public static final String ACTION_VIEW = "android.intent.action.VIEW";
    public static final String ACTION_MAIN = "android.intent.action.MAIN";
    public static final String CATEGORY_HOME = "android.intent.category.HOME";
    public static final int FLAG_ACTIVITY_NEW_TASK = 0x10000000;
    /** Of the fake only. */
    public Class<?> target;
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

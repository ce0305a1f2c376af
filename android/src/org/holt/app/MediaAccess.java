package org.holt.app;

import android.content.Context;
import android.content.pm.PackageManager;
import android.os.Build;

/** What the owner of the phone lets the app see of its pictures. */
final class MediaAccess {
    private static final String IMAGES = "android.permission.READ_MEDIA_IMAGES";
    private static final String VIDEOS = "android.permission.READ_MEDIA_VIDEO";
    private static final String SELECTED = "android.permission.READ_MEDIA_VISUAL_USER_SELECTED";
    private static final String STORAGE = "android.permission.READ_EXTERNAL_STORAGE";
    private static final String PLACES = "android.permission.ACCESS_MEDIA_LOCATION";

    private MediaAccess() {}

    /** @return all, some or none. */
    static String of(Context context) {
        if (Build.VERSION.SDK_INT < 33) return has(context, STORAGE) ? "all" : "none";
        boolean images = has(context, IMAGES);
        boolean videos = has(context, VIDEOS);
        if (images && videos) return "all";
        boolean selected = Build.VERSION.SDK_INT >= 34 && has(context, SELECTED);
        return images || videos || selected ? "some" : "none";
    }

    /** Without it Android takes out of each picture where it was taken. */
    static boolean givesPlaces(Context context) {
        return Build.VERSION.SDK_INT < 29 || has(context, PLACES);
    }

    static String[] wanted() {
        if (Build.VERSION.SDK_INT >= 34) return new String[] {IMAGES, VIDEOS, SELECTED, PLACES};
        if (Build.VERSION.SDK_INT >= 33) return new String[] {IMAGES, VIDEOS, PLACES};
        if (Build.VERSION.SDK_INT >= 29) return new String[] {STORAGE, PLACES};
        return new String[] {STORAGE};
    }

    private static boolean has(Context context, String permission) {
        return context.checkSelfPermission(permission) == PackageManager.PERMISSION_GRANTED;
    }
}

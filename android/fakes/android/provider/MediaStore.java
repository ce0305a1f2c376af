package android.provider;

import android.content.Context;
import android.net.Uri;
import java.util.Collections;
import java.util.Set;

/** Fake: one volume. */
public final class MediaStore {
    /** Of the fake only. */
    public static volatile String version = "1";

    public static Set<String> getExternalVolumeNames(Context context) {
        return Collections.singleton("external_primary");
    }

    public static String getVersion(Context context) {
        return version;
    }

    public static String getVersion(Context context, String volume) {
        return version;
    }

    public static Uri setRequireOriginal(Uri uri) {
        return Uri.parse(uri + "?requireOriginal=1");
    }

    public static final class Files {
        public static Uri getContentUri(String volume) {
            return Uri.parse("content://media/" + volume + "/file");
        }
    }

    public static final class Images {
        public static final class Media {
            public static Uri getContentUri(String volume) {
                return Uri.parse("content://media/" + volume + "/images/media");
            }
        }
    }

    public static final class Video {
        public static final class Media {
            public static Uri getContentUri(String volume) {
                return Uri.parse("content://media/" + volume + "/video/media");
            }
        }
    }
}

package org.holt.app;

import android.content.Context;
import java.io.File;
import java.io.IOException;

/** Whether its owner wants the node to run, as last said; also when the phone is started. */
final class Wish {
    private Wish() {}

    static boolean isToRun(Context context) {
        return file(context).exists();
    }

    /** The same for who asks before the phone is unlocked: what the app keeps is sealed then, but for what may be known without. */
    static boolean wasToRun(Context context) {
        return isToRun(context.createDeviceProtectedStorageContext());
    }

    static void set(Context context, boolean run) {
        write(file(context), run);
        write(file(context.createDeviceProtectedStorageContext()), run);
    }

    private static void write(File file, boolean run) {
        try {
            if (run) file.createNewFile();
            else file.delete();
        } catch (IOException e) {
            // a full phone: it runs now, and is not started by itself
        }
    }

    private static File file(Context context) {
        return new File(context.getFilesDir(), "run");
    }
}

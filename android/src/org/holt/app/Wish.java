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

    static void set(Context context, boolean run) {
        try {
            if (run) file(context).createNewFile();
            else file(context).delete();
        } catch (IOException e) {
            // a full phone: it runs now, and is not started by itself
        }
    }

    private static File file(Context context) {
        return new File(context.getFilesDir(), "run");
    }
}

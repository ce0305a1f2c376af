package org.holt.app;

import android.content.Context;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** What tells one build of the app from another: the hash of what it unpacks, made when it was built. */
final class BuildName {
    private BuildName() {}

    static String of(Context context) throws IOException {
        try (InputStream in = context.getAssets().open("build")) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            for (int next = in.read(); next > ' '; next = in.read()) out.write(next);
            return out.toString("US-ASCII");
        }
    }
}

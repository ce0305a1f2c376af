package org.holt.app;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Takes the node and its page out of the app, once for each build of it: Node reads files, not what lies in an APK. */
final class Unpacker {
    /** Where the app's own files come from. */
    interface Source {
        /** Names below a folder; none for a file. */
        String[] list(String path) throws IOException;

        InputStream open(String path) throws IOException;
    }

    private static final String PREFIX = "build-";

    private Unpacker() {}

    /**
     * A folder has its final name when all is in it, so one that an earlier start did not finish is made anew.
     *
     * @param build names this build of the app.
     * @throws IOException when there is no room.
     */
    static File unpack(Source source, String top, File into, String build) throws IOException {
        File done = new File(into, PREFIX + build);
        if (!done.isDirectory()) {
            File unfinished = new File(into, "unfinished");
            remove(unfinished);
            if (!unfinished.mkdirs()) throw new IOException("no folder " + unfinished);
            try {
                copy(source, top, unfinished);
                if (!unfinished.renameTo(done)) throw new IOException("no folder " + done);
            } catch (IOException e) {
                remove(unfinished);
                throw e;
            }
        }
        removeOthers(into, done);
        return done;
    }

    private static void copy(Source source, String path, File target) throws IOException {
        String[] names = source.list(path);
        if (names.length == 0) {
            copyFile(source, path, target);
            return;
        }
        if (!target.isDirectory() && !target.mkdir()) throw new IOException("no folder " + target);
        for (String name : names) copy(source, path + "/" + name, new File(target, name));
    }

    private static void copyFile(Source source, String path, File target) throws IOException {
        byte[] bytes = new byte[64 * 1024];
        try (InputStream in = source.open(path);
                OutputStream out = new FileOutputStream(target)) {
            for (int count = in.read(bytes); count > 0; count = in.read(bytes)) out.write(bytes, 0, count);
        }
    }

    private static void removeOthers(File into, File kept) {
        File[] files = into.listFiles();
        if (files == null) return;
        for (File file : files) if (file.getName().startsWith(PREFIX) && !file.equals(kept)) remove(file);
    }

    private static void remove(File file) {
        File[] inside = file.listFiles();
        if (inside != null) for (File one : inside) remove(one);
        file.delete();
    }
}

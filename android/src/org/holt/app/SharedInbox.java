package org.holt.app;

import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** What other apps gave to Holt, until the node has it: a file each, which has its name only when it is whole. */
final class SharedInbox {
    private static final int LONGEST_NAME = 60;
    private final File folder;

    SharedInbox(File files) {
        folder = new File(files, "shared");
    }

    File folder() {
        return folder;
    }

    /** @param number of those that are put at this time. */
    void put(int number, String name, InputStream content) throws IOException {
        if (!folder.isDirectory() && !folder.mkdirs()) throw new IOException("no folder " + folder);
        File part = new File(folder, System.nanoTime() + "" + number + ".part");
        try {
            copy(content, part);
            // names go on in order, also when the phone's clock is set
            File whole = new File(folder, System.currentTimeMillis() + String.format("%04d", number) + "~" + clean(name));
            if (!part.renameTo(whole)) throw new IOException("no place for " + whole);
        } finally {
            part.delete();
        }
    }

    private static void copy(InputStream content, File to) throws IOException {
        FileOutputStream out = new FileOutputStream(to);
        try {
            byte[] bytes = new byte[1 << 16];
            for (int count = content.read(bytes); count > 0; count = content.read(bytes)) out.write(bytes, 0, count);
            out.getFD().sync();
        } finally {
            out.close();
        }
    }

    /** A name of another app is anything; its end tells what it is. */
    static String clean(String name) {
        String plain = name == null ? "" : name.replaceAll("[/\\x00-\\x1f]", "_");
        String end = plain.length() <= LONGEST_NAME ? plain : plain.substring(plain.length() - LONGEST_NAME);
        return end.isEmpty() || end.equals(".") || end.equals("..") ? "file" : end;
    }
}

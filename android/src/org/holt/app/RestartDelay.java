package org.holt.app;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;

/**
 * How long a node waits before it starts again after it ended unasked. The system starts the service again by itself, and a node that ends at once
 * each time would keep the phone awake for good. What it counts lies in a file, for the process ends with the node.
 */
final class RestartDelay {
    private static final long[] DELAYS_MS = {0, 5000, 30000, 120000, 600000, 3600000};
    /** Who ran so long had no trouble starting. */
    static final long WELL_MS = 600000;

    private final File file;

    RestartDelay(File file) {
        this.file = file;
    }

    /** To be called before a start. @return how long to wait first. */
    long next() {
        int starts = read();
        write(starts + 1);
        return DELAYS_MS[Math.min(starts, DELAYS_MS.length - 1)];
    }

    /** It was ended on purpose, or ran well. */
    void forget() {
        file.delete();
    }


    private int read() {
        try (FileInputStream in = new FileInputStream(file)) {
            int count = in.read();
            return count < 0 ? 0 : count;
        } catch (IOException e) {
            return 0;
        }
    }

    private void write(int count) {
        try (FileOutputStream out = new FileOutputStream(file)) {
            out.write(Math.min(count, 100));
        } catch (IOException e) {
            // a full phone: then it waits as at the start before
        }
    }
}

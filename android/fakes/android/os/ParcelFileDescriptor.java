package android.os;

import java.io.Closeable;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;

public class ParcelFileDescriptor implements Closeable {
    private final FileInputStream stream;

    /** Of the fake only. */
    public ParcelFileDescriptor(File file) throws FileNotFoundException {
        stream = new FileInputStream(file);
    }

    public FileDescriptor getFileDescriptor() {
        try {
            return stream.getFD();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}

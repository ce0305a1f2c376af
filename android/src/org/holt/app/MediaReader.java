package org.holt.app;

import android.content.Context;
import android.net.Uri;
import android.os.Build;
import android.os.ParcelFileDescriptor;
import android.provider.MediaStore;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Arrays;

/** Reads pieces of pictures and videos. The one that was read last stays open: pieces are asked for one after the other. */
final class MediaReader {
    private final Context context;
    private Uri openUri;
    private ParcelFileDescriptor descriptor;
    private FileInputStream stream;

    MediaReader(Context context) {
        this.context = context;
    }

    /** @return fewer bytes than asked for only at the end. */
    byte[] read(Uri uri, long offset, int length) throws IOException {
        try {
            open(uri);
            stream.getChannel().position(offset);
            byte[] bytes = new byte[length];
            int done = 0;
            for (int count; done < length && (count = stream.read(bytes, done, length - done)) > 0; done += count) {}
            if (done == length) return bytes;
            close();
            return Arrays.copyOf(bytes, done);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    void close() {
        try {
            if (stream != null) stream.close();
            if (descriptor != null) descriptor.close();
        } catch (IOException e) {
            // it was read only
        }
        openUri = null;
        descriptor = null;
        stream = null;
    }

    private void open(Uri uri) throws IOException {
        if (uri.equals(openUri)) return;
        close();
        boolean whole = Build.VERSION.SDK_INT >= 29 && MediaAccess.givesPlaces(context);
        descriptor = context.getContentResolver().openFileDescriptor(whole ? MediaStore.setRequireOriginal(uri) : uri, "r");
        if (descriptor == null) throw new FileNotFoundException(uri.toString());
        stream = new FileInputStream(descriptor.getFileDescriptor());
        openUri = uri;
    }
}

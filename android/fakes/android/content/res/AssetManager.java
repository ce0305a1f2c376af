package android.content.res;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Fake: the files of an APK, unpacked. */
public final class AssetManager {
    private final File top;

    public AssetManager(File top) {
        this.top = top;
    }

    public String[] list(String path) throws IOException {
        String[] names = new File(top, path).list();
        return names == null ? new String[0] : names;
    }

    public InputStream open(String path) throws IOException {
        return new FileInputStream(new File(top, path));
    }
}

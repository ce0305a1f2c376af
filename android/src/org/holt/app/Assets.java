package org.holt.app;

import android.content.res.AssetManager;
import java.io.IOException;
import java.io.InputStream;

/** What lies in the APK. */
final class Assets implements Unpacker.Source {
    private final AssetManager assets;

    Assets(AssetManager assets) {
        this.assets = assets;
    }

    @Override
    public String[] list(String path) throws IOException {
        return assets.list(path);
    }

    @Override
    public InputStream open(String path) throws IOException {
        return assets.open(path);
    }
}

package android.database;

import java.io.Closeable;

public interface Cursor extends Closeable {
    boolean moveToNext();

    int getCount();

    long getLong(int column);

    int getInt(int column);

    String getString(int column);

    boolean isNull(int column);

    @Override
    void close();
}

package android.content;

import android.database.ContentObserver;
import android.database.Cursor;
import android.net.Uri;
import android.os.Bundle;
import android.os.CancellationSignal;
import android.os.ParcelFileDescriptor;
import java.io.FileNotFoundException;

/** Fake: FakeMedia has the list. */
public abstract class ContentResolver {
    public static final String QUERY_ARG_SQL_SELECTION = "android:query-arg-sql-selection";
    public static final String QUERY_ARG_SQL_SELECTION_ARGS = "android:query-arg-sql-selection-args";
    public static final String QUERY_ARG_SQL_SORT_ORDER = "android:query-arg-sql-sort-order";
    public static final String QUERY_ARG_LIMIT = "android:query-arg-limit";

    public abstract Cursor query(Uri uri, String[] columns, Bundle query, CancellationSignal signal);

    public abstract Cursor query(Uri uri, String[] columns, String selection, String[] arguments, String order);

    public abstract ParcelFileDescriptor openFileDescriptor(Uri uri, String mode) throws FileNotFoundException;

    public final java.io.InputStream openInputStream(Uri uri) throws FileNotFoundException {
        return open(uri);
    }

    /** Of the fake only. */
    public abstract java.io.InputStream open(Uri uri) throws FileNotFoundException;

    public abstract void registerContentObserver(Uri uri, boolean below, ContentObserver observer);

    public abstract void unregisterContentObserver(ContentObserver observer);
}

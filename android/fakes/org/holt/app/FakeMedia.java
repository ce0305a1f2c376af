package org.holt.app;

import android.content.ContentResolver;
import android.database.ContentObserver;
import android.database.Cursor;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.os.CancellationSignal;
import android.os.ParcelFileDescriptor;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The files of a folder as Android's list of pictures: each a row, in the order in which they were added. */
final class FakeMedia extends ContentResolver {
    private static final String CHANGED = " AND (generation_modified>? OR (generation_modified=? AND _id>?))";
    private static final String NEWER = " AND _id>?";
    private static final Map<String, Integer> KINDS = new HashMap<String, Integer>();

    static {
        KINDS.put("media_type=1", 1);
        KINDS.put("media_type IN (1,3)", 3);
    }

    private final File folder;
    private final FakePhone phone;
    private final List<String> names = new ArrayList<String>();
    private ContentObserver observer;

    FakeMedia(FakePhone phone, File folder) {
        this.phone = phone;
        this.folder = folder;
    }

    synchronized void add(String name) {
        names.add(name);
        if (observer != null) observer.onChange(false, Uri.parse("content://media/external/file/" + names.size()));
    }

    @Override
    public Cursor query(Uri uri, String[] columns, Bundle query, CancellationSignal signal) {
        if (Build.VERSION.SDK_INT < 30) throw new IllegalArgumentException("Android 10 knows no generations");
        if (!"generation_modified,_id".equals(query.getString(QUERY_ARG_SQL_SORT_ORDER))) throw new IllegalArgumentException("another order");
        String selection = query.getString(QUERY_ARG_SQL_SELECTION);
        String[] arguments = query.getString(QUERY_ARG_SQL_SELECTION_ARGS).split("\n");
        if (!selection.endsWith(CHANGED) || !arguments[0].equals(arguments[1])) throw new IllegalArgumentException(selection);
        String limit = query.getString(QUERY_ARG_LIMIT);
        String kinds = selection.substring(0, selection.length() - CHANGED.length());
        return rows(columns, kinds, Long.parseLong(arguments[0]), limit == null ? Integer.MAX_VALUE : Integer.parseInt(limit));
    }

    /** Of another app: content://other/N/NAME; what has no name tells none. */
    @Override
    public InputStream open(Uri uri) throws FileNotFoundException {
        if (!uri.toString().startsWith("content://other/")) throw new SecurityException("no permission for " + uri);
        return new FileInputStream(new File(folder, uri.getLastPathSegment()));
    }

    @Override
    public Cursor query(Uri uri, String[] columns, String selection, String[] arguments, String order) {
        if (uri.toString().startsWith("content://other/"))
            return new Rows(Collections.singletonList(new Object[] {uri.getLastPathSegment().replace("up", "../up")}));
        if (Build.VERSION.SDK_INT >= 30) throw new IllegalArgumentException("a limit in the order is refused since Android 11");
        if (!selection.endsWith(NEWER) || Arrays.asList(columns).contains("generation_modified")) throw new IllegalArgumentException(selection);
        int limit = order.equals("_id") ? Integer.MAX_VALUE : Integer.parseInt(order.substring("_id LIMIT ".length()));
        return rows(columns, selection.substring(0, selection.length() - NEWER.length()), Long.parseLong(arguments[0]), limit);
    }

    /** Here a row's number says when it changed, too. Without permission the list is empty, as Android's is. */
    private synchronized Cursor rows(String[] columns, String kinds, long after, int limit) {
        List<Object[]> rows = new ArrayList<Object[]>();
        for (int i = (int) after; i < names.size() && rows.size() < limit && phone.maySeePictures(); i++) {
            boolean video = names.get(i).endsWith(".mp4");
            if (!KINDS.containsKey(kinds)) throw new IllegalArgumentException(kinds);
            if (video && KINDS.get(kinds) == 1) continue;
            Map<String, Object> row = new HashMap<String, Object>();
            row.put("_id", i + 1L);
            row.put("generation_modified", i + 1L);
            row.put("_display_name", names.get(i));
            row.put("_size", new File(folder, names.get(i)).length());
            row.put("date_modified", 1700000000L);
            // what has no date of its own has that of its file
            row.put("datetaken", names.get(i).startsWith("undated") ? null : (Object) 1740830400000L);
            row.put("media_type", video ? 3L : 1L);
            Object[] cells = new Object[columns.length];
            for (int c = 0; c < cells.length; c++) {
                if (!row.containsKey(columns[c])) throw new IllegalArgumentException("no column " + columns[c]);
                cells[c] = row.get(columns[c]);
            }
            rows.add(cells);
        }
        return new Rows(rows);
    }

    @Override
    public synchronized ParcelFileDescriptor openFileDescriptor(Uri uri, String mode) throws FileNotFoundException {
        if (!phone.maySeePictures()) throw new SecurityException("no permission for " + uri);
        String[] parts = uri.toString().split("\\?")[0].split("/");
        boolean whole = uri.toString().endsWith("?requireOriginal=1");
        if (whole && Build.VERSION.SDK_INT < 29) throw new UnsupportedOperationException("not before Android 10");
        String name = names.get(Integer.parseInt(parts[parts.length - 1]) - 1);
        if (name.endsWith(".mp4") != parts[4].equals("video")) throw new FileNotFoundException(uri.toString());
        return new ParcelFileDescriptor(new File(folder, name));
    }

    @Override
    public void registerContentObserver(Uri uri, boolean below, ContentObserver given) {
        observer = given;
    }

    @Override
    public void unregisterContentObserver(ContentObserver given) {
        observer = null;
    }

    private static final class Rows implements Cursor {
        private final List<Object[]> rows;
        private int at = -1;

        Rows(List<Object[]> rows) {
            this.rows = rows;
        }

        @Override
        public boolean moveToNext() {
            return ++at < rows.size();
        }

        @Override
        public int getCount() {
            return rows.size();
        }

        @Override
        public long getLong(int column) {
            return (Long) rows.get(at)[column];
        }

        @Override
        public int getInt(int column) {
            return (int) getLong(column);
        }

        @Override
        public String getString(int column) {
            return (String) rows.get(at)[column];
        }

        @Override
        public boolean isNull(int column) {
            return rows.get(at)[column] == null;
        }

        @Override
        public void close() {}
    }
}

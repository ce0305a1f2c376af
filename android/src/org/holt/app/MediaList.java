package org.holt.app;

import android.content.ContentResolver;
import android.content.ContentUris;
import android.content.Context;
import android.database.Cursor;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.provider.MediaStore;
import java.text.SimpleDateFormat;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Android's list of pictures and videos. Since Android 11 each volume counts its changes, and the list is in their order; before that there is only
 * the order in which files came.
 */
final class MediaList {
    private static final String IMAGES = "media_type=1";
    private static final String BOTH = "media_type IN (1,3)";
    private static final int VIDEO = 3;

    private final Context context;

    MediaList(Context context) {
        this.context = context;
    }

    private static boolean countsChanges() {
        return Build.VERSION.SDK_INT >= 30;
    }

    /** Those that are there now, each with the name of its list: another name, other numbers. */
    List<Object> volumes() {
        Collection<String> names = Build.VERSION.SDK_INT >= 29 ? MediaStore.getExternalVolumeNames(context) : Collections.singleton("external");
        List<Object> found = new ArrayList<Object>();
        for (String name : names) {
            Map<String, Object> volume = new LinkedHashMap<String, Object>();
            volume.put("name", name);
            volume.put("database", countsChanges() ? MediaStore.getVersion(context, name) : MediaStore.getVersion(context));
            found.add(volume);
        }
        return found;
    }

    /** Those after a place, in the order of changes, then numbers. */
    List<Object> list(String volume, long change, long id, boolean videos, int limit) {
        List<Object> items = new ArrayList<Object>();
        SimpleDateFormat month = new SimpleDateFormat("yyyy-MM", Locale.US);
        try (Cursor rows = query(volume, change, id, videos, limit)) {
            while (rows != null && rows.moveToNext()) items.add(item(rows, month));
        }
        return items;
    }

    int count(String volume, long change, long id, boolean videos) {
        try (Cursor rows = query(volume, change, id, videos, 0)) {
            return rows == null ? 0 : rows.getCount();
        }
    }

    Uri uri(String volume, long id, boolean video) {
        Uri list = video ? MediaStore.Video.Media.getContentUri(volume) : MediaStore.Images.Media.getContentUri(volume);
        return ContentUris.withAppendedId(list, id);
    }

    /** @param limit 0: all of them, their numbers alone. */
    private Cursor query(String volume, long change, long id, boolean videos, int limit) {
        String kinds = videos ? BOTH : IMAGES;
        String[] columns = limit == 0
                ? new String[] {"_id"}
                : countsChanges()
                ? new String[] {"_id", "_display_name", "_size", "date_modified", "datetaken", "media_type", "generation_modified"}
                : new String[] {"_id", "_display_name", "_size", "date_modified", "datetaken", "media_type"};
        Uri list = MediaStore.Files.getContentUri(volume);
        ContentResolver resolver = context.getContentResolver();
        if (!countsChanges()) {
            String order = limit == 0 ? "_id" : "_id LIMIT " + limit;
            return resolver.query(list, columns, kinds + " AND _id>?", new String[] {String.valueOf(id)}, order);
        }
        String at = String.valueOf(change);
        Bundle query = new Bundle();
        query.putString(ContentResolver.QUERY_ARG_SQL_SELECTION,
                kinds + " AND (generation_modified>? OR (generation_modified=? AND _id>?))");
        query.putStringArray(ContentResolver.QUERY_ARG_SQL_SELECTION_ARGS, new String[] {at, at, String.valueOf(id)});
        query.putString(ContentResolver.QUERY_ARG_SQL_SORT_ORDER, "generation_modified,_id");
        if (limit > 0) query.putInt(ContentResolver.QUERY_ARG_LIMIT, limit);
        return resolver.query(list, columns, query, null);
    }

    private static Map<String, Object> item(Cursor row, SimpleDateFormat month) {
        long modified = Math.max(0, row.getLong(3));
        long taken = row.isNull(4) ? modified * 1000 : row.getLong(4);
        String name = row.getString(1);
        Map<String, Object> item = new LinkedHashMap<String, Object>();
        item.put("id", row.getLong(0));
        item.put("change", countsChanges() ? row.getLong(6) : 0L);
        item.put("name", name == null ? "" : name);
        item.put("sizeBytes", row.getLong(2));
        item.put("modified", modified);
        item.put("month", month.format(new Date(taken)));
        item.put("video", row.getInt(5) == VIDEO);
        return item;
    }
}

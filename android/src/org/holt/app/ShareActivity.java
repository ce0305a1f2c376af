package org.holt.app;

import android.app.Activity;
import android.app.AlertDialog;
import android.content.ContentResolver;
import android.content.DialogInterface;
import android.content.Intent;
import android.database.Cursor;
import android.net.Uri;
import android.os.Build;
import android.os.Bundle;
import android.provider.OpenableColumns;
import android.widget.Toast;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;

/**
 * Another app shares something with Holt. Any app can start this without its owner, so the owner is asked first. What is shared may be read as long as
 * this is there: it is copied at once, and the node takes it from there when it can.
 */
public final class ShareActivity extends Activity {
    /** Nobody picks more by hand. */
    private static final int MOST = 500;
    private final List<Uri> shared = new ArrayList<Uri>();
    private String text;

    @Override
    protected void onCreate(Bundle state) {
        super.onCreate(state);
        Intent intent = getIntent();
        if (Intent.ACTION_SEND.equals(intent.getAction())) add(intent.<Uri>getParcelableExtra(Intent.EXTRA_STREAM));
        else if (Intent.ACTION_SEND_MULTIPLE.equals(intent.getAction())) addAll(intent.<Uri>getParcelableArrayListExtra(Intent.EXTRA_STREAM));
        CharSequence words = intent.getCharSequenceExtra(Intent.EXTRA_TEXT);
        if (shared.isEmpty() && words != null) text = words.toString();
        if (shared.isEmpty() && text == null) finish();
        else ask();
    }

    private void addAll(List<Uri> uris) {
        if (uris != null) for (Uri uri : uris) add(uri);
    }

    /** By another scheme an app could name files of Holt's own. */
    private void add(Uri uri) {
        if (uri != null && "content".equals(uri.getScheme()) && shared.size() < MOST) shared.add(uri);
    }

    private void ask() {
        DialogInterface.OnClickListener answer = new DialogInterface.OnClickListener() {
            @Override
            public void onClick(DialogInterface dialog, int which) {
                if (which == DialogInterface.BUTTON_POSITIVE) copyInBackground();
                else finish();
            }
        };
        new AlertDialog.Builder(this)
                .setTitle(R.string.share_title)
                .setMessage(getString(R.string.share_text) + " (" + Math.max(1, shared.size()) + ")")
                .setPositiveButton(R.string.share_put, answer)
                .setNegativeButton(R.string.share_cancel, answer)
                .setCancelable(false)
                .show();
    }

    private void copyInBackground() {
        new Thread("holt-share") {
            @Override
            public void run() {
                final boolean whole = copy();
                runOnUiThread(new Runnable() {
                    @Override
                    public void run() {
                        done(whole);
                    }
                });
            }
        }.start();
    }

    /** @return false when not all could be read. */
    private boolean copy() {
        SharedInbox inbox = new SharedInbox(getFilesDir());
        boolean whole = true;
        try {
            if (text != null) inbox.put(0, "text.txt", new ByteArrayInputStream(text.getBytes(Charset.forName("UTF-8"))));
        } catch (IOException e) {
            whole = false;
        }
        for (int i = 0; i < shared.size(); i++) {
            try {
                copy(inbox, i, shared.get(i));
            } catch (IOException e) {
                whole = false;
            } catch (RuntimeException e) {
                // an app that took its permission back, or broke
                whole = false;
            }
        }
        return whole;
    }

    private void copy(SharedInbox inbox, int number, Uri uri) throws IOException {
        InputStream content = getContentResolver().openInputStream(uri);
        if (content == null) throw new FileNotFoundException(uri.toString());
        try {
            inbox.put(number, nameOf(uri), content);
        } finally {
            content.close();
        }
    }

    private String nameOf(Uri uri) {
        ContentResolver resolver = getContentResolver();
        Cursor row = resolver.query(uri, new String[] {OpenableColumns.DISPLAY_NAME}, null, null, null);
        if (row == null) return uri.getLastPathSegment();
        try {
            return row.moveToNext() && !row.isNull(0) ? row.getString(0) : uri.getLastPathSegment();
        } finally {
            row.close();
        }
    }

    private void done(boolean whole) {
        Toast.makeText(this, whole ? R.string.share_done : R.string.share_failed, Toast.LENGTH_LONG).show();
        Intent tell = new Intent(this, NodeService.class).setAction(NodeService.ACTION_SHARED);
        if (Build.VERSION.SDK_INT >= 26) startForegroundService(tell);
        else startService(tell);
        finish();
    }
}

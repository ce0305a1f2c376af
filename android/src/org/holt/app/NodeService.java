package org.holt.app;

import android.app.Notification;
import android.app.PendingIntent;
import android.app.Service;
import android.content.ContentResolver;
import android.content.Intent;
import android.database.ContentObserver;
import android.net.Uri;
import android.os.Bundle;
import android.os.Handler;
import android.os.IBinder;
import android.os.Looper;
import android.os.Message;
import android.os.Messenger;
import android.os.RemoteException;
import android.provider.MediaStore;
import java.io.File;
import java.io.IOException;

/**
 * Keeps the node running, in a process of its own (:node): the node ends with its process and cannot be started twice in one. When that process
 * dies the system starts the service again, and it waits as RestartDelay says.
 *
 * Who binds may ask for the page; the answer has what the app must not show to others.
 */
public final class NodeService extends Service implements NodeRunner.Listener {
    static final String ACTION_STOP = "org.holt.app.STOP";
    /** Something is in the inbox. */
    static final String ACTION_SHARED = "org.holt.app.SHARED";
    static final int ASK_PAGE = 1;
    static final int TELL_PAGE = 2;
    static final int TELL_FAILED = 3;
    /** To who shows the page: have the owner of the phone asked for its pictures. */
    static final int ASK_ACCESS = 4;
    /** The owner answered. */
    static final int ACCESS_ANSWERED = 5;
    /** Nobody looks at the page any more. */
    static final int LEFT = 6;
    /** In this process; null before it was made and after it was ended. */
    static volatile NodeService running;

    private final Handler handler = new Handler(Looper.getMainLooper()) {
        @Override
        public void handleMessage(Message message) {
            if (message.what == ASK_PAGE) answer(message.replyTo);
            else if (message.what == ACCESS_ANSWERED) watchMedia();
            else if (message.what == LEFT) left();
        }
    };
    private final Messenger messenger = new Messenger(handler);
    private final NodeRunner runner = new NodeRunner(this, this);
    /** Who shows the page. */
    private volatile Messenger viewer;
    private ContentObserver observer;
    private Wakefulness wakefulness;
    /** What is to be done when the node rests again. */
    private Runnable afterWindow;
    private RestartDelay delay;
    private boolean isStarted;
    private boolean isStopping;
    private long startedMs;
    private String failure;

    @Override
    public void onCreate() {
        delay = new RestartDelay(new File(getFilesDir(), "starts"));
        wakefulness = new Wakefulness(this);
        running = this;
    }

    /** Null as intent: the system starts it again after its process died. */
    @Override
    public int onStartCommand(Intent intent, int flags, int startId) {
        show();
        if (intent != null && ACTION_STOP.equals(intent.getAction())) {
            stop();
            return START_NOT_STICKY;
        }
        if (isStarted && intent != null && ACTION_SHARED.equals(intent.getAction())) runner.tellShared();
        if (!isStarted) {
            isStarted = true;
            Wish.set(this, true);
            WindowJob.schedule(this);
            handler.postDelayed(starting(), delay.next());
        }
        return START_STICKY;
    }

    @Override
    public IBinder onBind(Intent intent) {
        return messenger.getBinder();
    }

    /** Who looked at the page is gone, also without a word. */
    @Override
    public boolean onUnbind(Intent intent) {
        left();
        return false;
    }

    private void left() {
        viewer = null;
        runner.setViewed(false);
    }

    /** Swiped away from the recent apps: the node goes on. */
    @Override
    public void onTaskRemoved(Intent intent) {}

    private Runnable starting() {
        return new Runnable() {
            @Override
            public void run() {
                if (isStopping) return;
                startedMs = System.currentTimeMillis();
                new Thread("holt-unpack") {
                    @Override
                    public void run() {
                        unpackAndStart();
                    }
                }.start();
            }
        };
    }

    private void unpackAndStart() {
        try {
            File program = Unpacker.unpack(new Assets(getAssets()), "node", getCodeFolder(), BuildName.of(this));
            runner.start(program, new File(getFilesDir(), "holt"), getCacheDir());
        } catch (IOException e) {
            failed("DISK_FULL", String.valueOf(e.getMessage()));
        }
    }

    private File getCodeFolder() {
        File folder = new File(getFilesDir(), "program");
        folder.mkdirs();
        return folder;
    }

    private void stop() {
        isStopping = true;
        Wish.set(this, false);
        delay.forget();
        runner.stop();
        end();
    }

    private void end() {
        WindowJob.cancel(this);
        wakefulness.end();
        stopForeground(true);
        stopSelf();
    }

    /** The node looks for others. @param done when it rests again; null: nobody waits for that any more. */
    void window(Runnable done) {
        synchronized (this) {
            afterWindow = done;
        }
        if (done != null && !runner.tellWindow()) rested();
    }

    private void rested() {
        Runnable done;
        synchronized (this) {
            done = afterWindow;
            afterWindow = null;
        }
        if (done != null) done.run();
    }

    @Override
    public void demand(boolean work, boolean multicast) {
        wakefulness.demand(work, multicast);
        if (!work) rested();
    }

    /** Android tells of each change of the list; what may not be seen cannot be watched. */
    private void watchMedia() {
        ContentResolver resolver = getContentResolver();
        if (observer != null) resolver.unregisterContentObserver(observer);
        observer = new ContentObserver(handler) {
            @Override
            public void onChange(boolean selfChange, Uri uri) {
                runner.tellMedia();
            }
        };
        resolver.registerContentObserver(MediaStore.Files.getContentUri("external"), true, observer);
        runner.tellMedia();
    }

    @Override
    public void onDestroy() {
        running = null;
        wakefulness.end();
        if (observer != null) getContentResolver().unregisterContentObserver(observer);
        super.onDestroy();
    }

    /** Only who shows something can have the owner asked. */
    @Override
    public boolean askAccess() {
        Messenger to = viewer;
        if (to == null) return false;
        try {
            to.send(Message.obtain(null, ASK_ACCESS));
            return true;
        } catch (RemoteException e) {
            return false;
        }
    }

    private void answer(Messenger asker) {
        if (asker == null) return;
        viewer = asker;
        runner.setViewed(true);
        NodeRunner.Page page = runner.page();
        Message reply = Message.obtain(null, failure == null ? TELL_PAGE : TELL_FAILED);
        Bundle data = new Bundle();
        data.putString("url", page == null ? null : page.url);
        data.putString("token", page == null ? null : page.token);
        data.putString("setupCode", page == null ? null : page.setupCode);
        data.putString("failure", failure);
        reply.setData(data);
        try {
            asker.send(reply);
        } catch (RemoteException e) {
            // it is gone
        }
    }

    @Override
    public void ready(NodeRunner.Page page) {
        handler.post(new Runnable() {
            @Override
            public void run() {
                watchMedia();
            }
        });
        handler.postDelayed(new Runnable() {
            @Override
            public void run() {
                delay.forget();
            }
        }, RestartDelay.WELL_MS);
    }

    /** The process ends with the node, or soon after; the system starts both again. */
    @Override
    public void failed(String code, String message) {
        failure = code;
    }

    /** Asked to by the page: then it stays ended. */
    @Override
    public void stopped() {
        Wish.set(this, false);
        delay.forget();
        end();
    }

    private void show() {
        PendingIntent stop = PendingIntent.getService(this, 0, new Intent(this, NodeService.class).setAction(ACTION_STOP), Notices.immutable());
        startForeground(Notices.RUNNING, Notices.of(this, R.string.running)
                .setOngoing(true)
                .addAction(new Notification.Action.Builder(null, getString(R.string.stop), stop).build())
                .build());
    }
}

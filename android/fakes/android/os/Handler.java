package android.os;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Fake: one thread is the main one of the app. */
public class Handler {
    private static final ScheduledExecutorService MAIN = Executors.newSingleThreadScheduledExecutor(new ThreadFactory() {
        @Override
        public Thread newThread(Runnable work) {
            Thread thread = new Thread(work, "main-looper");
            thread.setDaemon(true);
            return thread;
        }
    });

    /** Its output goes through the bridge's log, which has to read it first. */
    private static int failed(Throwable e) {
        e.printStackTrace();
        try {
            Thread.sleep(500);
        } catch (InterruptedException interrupted) {
            // then it is not read
        }
        return 70;
    }

    public Handler(Looper looper) {}

    public void handleMessage(Message message) {}

    public final boolean post(Runnable work) {
        return postDelayed(work, 0);
    }

    public final boolean postDelayed(final Runnable work, long delayMs) {
        MAIN.schedule(new Runnable() {
            @Override
            public void run() {
                try {
                    work.run();
                } catch (Throwable e) {
                    System.exit(failed(e));
                }
            }
        }, delayMs, TimeUnit.MILLISECONDS);
        return true;
    }
}

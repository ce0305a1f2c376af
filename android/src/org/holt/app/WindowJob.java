package org.holt.app;

import android.app.job.JobInfo;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.app.job.JobService;
import android.content.ComponentName;
import android.content.Context;

/**
 * Tells the node now and then that it is time to look for others and for what there is to do. A phone that sleeps runs no timer of ours; the
 * system wakes it for the jobs of all apps together, when there is a network.
 */
public final class WindowJob extends JobService {
    private static final int ID = 1;
    /** The shortest that Android grants. */
    private static final long EVERY_MS = 15 * 60 * 1000;

    static void schedule(Context context) {
        scheduler(context).schedule(new JobInfo.Builder(ID, new ComponentName(context, WindowJob.class))
                .setPeriodic(EVERY_MS)
                .setRequiredNetworkType(JobInfo.NETWORK_TYPE_ANY)
                .build());
    }

    static void cancel(Context context) {
        scheduler(context).cancel(ID);
    }

    private static JobScheduler scheduler(Context context) {
        return (JobScheduler) context.getSystemService(Context.JOB_SCHEDULER_SERVICE);
    }

    /** The phone is awake until the node has nothing to do. */
    @Override
    public boolean onStartJob(final JobParameters parameters) {
        NodeService service = NodeService.running;
        if (service == null) return false;
        service.window(new Runnable() {
            @Override
            public void run() {
                jobFinished(parameters, false);
            }
        });
        return true;
    }

    /** It took too long, or the line is gone: the node finds out by itself. */
    @Override
    public boolean onStopJob(JobParameters parameters) {
        NodeService service = NodeService.running;
        if (service != null) service.window(null);
        return false;
    }
}

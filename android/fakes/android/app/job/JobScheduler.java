package android.app.job;

public class JobScheduler {
    /** Of the fake only. */
    public static volatile int scheduled;

    public int schedule(JobInfo job) {
        scheduled = 1;
        return 1;
    }

    public void cancel(int id) {
        scheduled = 0;
    }
}

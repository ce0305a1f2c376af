package android.os;

public class PowerManager {
    public static final int PARTIAL_WAKE_LOCK = 1;
    /** Of the fake only. */
    public static volatile boolean held;

    public WakeLock newWakeLock(int level, String tag) {
        return new WakeLock();
    }

    public final class WakeLock {
        public void setReferenceCounted(boolean counted) {}

        public void acquire(long timeoutMs) {
            held = true;
        }

        public void release() {
            held = false;
        }
    }
}

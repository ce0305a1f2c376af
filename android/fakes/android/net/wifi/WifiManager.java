package android.net.wifi;

public class WifiManager {
    /** Of the fake only. */
    public static volatile boolean held;

    public MulticastLock createMulticastLock(String tag) {
        return new MulticastLock();
    }

    public class MulticastLock {
        public void setReferenceCounted(boolean counted) {}

        public void acquire() {
            held = true;
        }

        public void release() {
            held = false;
        }
    }
}

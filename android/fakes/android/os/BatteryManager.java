package android.os;

public class BatteryManager {
    /** Of the fake only. */
    public static volatile boolean charging;

    public boolean isCharging() {
        return charging;
    }
}

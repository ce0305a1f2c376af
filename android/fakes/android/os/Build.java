package android.os;

public class Build {
    public static final String MODEL = System.getProperty("model", "Fake Phone");

    public static class VERSION {
        public static final int SDK_INT = Integer.getInteger("sdk", 35);
    }
}

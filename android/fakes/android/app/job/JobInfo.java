package android.app.job;

import android.content.ComponentName;

public class JobInfo {
    public static final int NETWORK_TYPE_ANY = 1;

    public static final class Builder {
        public Builder(int id, ComponentName service) {}

        public Builder setPeriodic(long everyMs) {
            return this;
        }

        public Builder setRequiredNetworkType(int type) {
            return this;
        }

        public JobInfo build() {
            return new JobInfo();
        }
    }
}

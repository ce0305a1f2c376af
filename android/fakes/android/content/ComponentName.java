package android.content;

public final class ComponentName {
    public ComponentName() {}

    public ComponentName(String packageName, String className) {}

    public ComponentName(Context context, Class<?> component) {}
}

package org.holt.app;

import android.app.Activity;
import android.app.AlertDialog;
import android.app.NotificationManager;
import android.app.job.JobParameters;
import android.app.job.JobScheduler;
import android.content.BroadcastReceiver;
import android.content.ComponentName;
import android.content.ContentResolver;
import android.content.Context;
import android.content.DialogInterface;
import android.content.Intent;
import android.content.ServiceConnection;
import android.net.ConnectivityManager;
import android.net.Uri;
import android.net.wifi.WifiManager;
import android.os.BatteryManager;
import android.os.Build;
import android.os.Handler;
import android.os.Looper;
import android.os.PowerManager;
import android.webkit.CookieManager;
import android.webkit.WebView;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.HashSet;
import java.util.Set;

/**
 * A phone as far as the app's classes see one, in one process: java … FakePhone FOLDER ASSETS. Commands come in FOLDER/commands, a line
 * each, and what happens goes to FOLDER/events: Node has stdin, stdout and stderr to itself.
 */
public final class FakePhone implements Context.Fake {
    private final File folder;
    private final File assets;
    private final PrintStream out;
    private final Handler main = new Handler(Looper.getMainLooper());
    private final FakeMedia media;
    private final Set<String> permissions = new HashSet<String>();
    private boolean ownerAgrees;
    private BroadcastReceiver power;
    private NodeService service;
    private MainActivity activity;

    private FakePhone(File folder, File assets) throws Exception {
        this.folder = folder;
        this.assets = assets;
        media = new FakeMedia(this, new File(folder, "media"));
        out = new PrintStream(new FileOutputStream(new File(folder, "events"), true), true, "UTF-8");
    }

    public static void main(String[] args) throws Exception {
        FakePhone phone = new FakePhone(new File(args[0]), new File(args[1]));
        Context.fake = phone;
        File commands = new File(phone.folder, "commands");
        for (int done = 0; ; Thread.sleep(10)) {
            String[] lines = textOf(commands).split("\n", -1);
            for (; done < lines.length - 1; done++) phone.run(lines[done]);
        }
    }

    private static String textOf(File file) throws IOException {
        if (!file.exists()) return "";
        try (FileInputStream in = new FileInputStream(file)) {
            byte[] bytes = new byte[4096];
            int count = in.read(bytes);
            return count < 0 ? "" : new String(bytes, 0, count, "UTF-8");
        }
    }

    private void run(final String command) {
        main.post(new Runnable() {
            @Override
            public void run() {
                if (command.equals("boot")) broadcast(Intent.ACTION_BOOT_COMPLETED);
                else if (command.equals("locked")) locked();
                else if (command.equals("replaced")) broadcast(Intent.ACTION_MY_PACKAGE_REPLACED);
                else if (command.equals("open")) open();
                else if (command.equals("fetch")) fetchInBackground();
                else if (command.equals("stop")) start(new Intent(null, NodeService.class).setAction(NodeService.ACTION_STOP), false);
                else if (command.startsWith("picture ")) media.add(command.substring("picture ".length()));
                else if (command.equals("agree")) agree();
                else if (command.equals("forbid")) permissions.clear();
                else if (command.equals("charge")) charge();
                else if (command.equals("window")) window();
                else if (command.equals("leave")) leave();
                else if (command.startsWith("share ")) share(command.substring("share ".length()).split(" "));
                else if (command.equals("share-text")) shareText();
                else if (command.equals("put")) AlertDialog.answer(DialogInterface.BUTTON_POSITIVE);
                else if (command.equals("cancel")) AlertDialog.answer(DialogInterface.BUTTON_NEGATIVE);
                else if (command.equals("wifi lost")) loseWifi();
                else if (command.equals("locks")) say("locks " + PowerManager.held + " " + WifiManager.held + " jobs " + JobScheduler.scheduled);
                else if (command.equals("elsewhere")) say("kept " + !WebView.client.shouldOverrideUrlLoading(null, "http://10.0.0.1/"));
                else say("unknown " + command);
            }
        });
    }

    /** As at a start of the phone, until somebody unlocks it: what is sealed is as if it were not there. */
    private void locked() {
        new LockedReceiver().onReceive(new android.content.ContextWrapper() {
            @Override
            public File getFilesDir() {
                throw new IllegalStateException("the phone is locked");
            }
        }, new Intent(Intent.ACTION_LOCKED_BOOT_COMPLETED));
        say("notice " + NotificationManager.shown);
    }

    private void agree() {
        ownerAgrees = true;
        say("agrees");
    }

    private void charge() {
        BatteryManager.charging = true;
        power.onReceive(new android.content.ContextWrapper(), new Intent(Intent.ACTION_POWER_CONNECTED));
    }

    /** As the system runs a job that is due. */
    private void window() {
        WindowJob.onFinished = new Runnable() {
            @Override
            public void run() {
                say("window over");
            }
        };
        say("window " + new WindowJob().onStartJob(new JobParameters()));
    }

    /** @param addresses what another app shares. */
    private void share(String[] addresses) {
        Intent intent = new Intent(addresses.length == 1 ? Intent.ACTION_SEND : Intent.ACTION_SEND_MULTIPLE);
        for (String one : addresses) intent.streams.add(Uri.parse(one));
        share(intent);
    }

    private void shareText() {
        Intent intent = new Intent(Intent.ACTION_SEND);
        intent.text = "https://example.org";
        share(intent);
    }

    private void share(Intent intent) {
        ShareActivity sharing = new ShareActivity();
        sharing.intent = intent;
        sharing.onCreate(null);
        say(AlertDialog.shown == null ? "not asked" : "asked " + AlertDialog.shown);
    }

    private void loseWifi() {
        ConnectivityManager.wifi = false;
        ConnectivityManager.callback.onLost(null);
        say("wifi lost");
    }

    private void leave() {
        call(activity, "onStop");
        say("left");
    }

    boolean maySeePictures() {
        return permissions.contains("android.permission." + (Build.VERSION.SDK_INT < 33 ? "READ_EXTERNAL_STORAGE" : "READ_MEDIA_IMAGES"));
    }

    @Override
    public boolean mayUse(String permission) {
        return permissions.contains(permission);
    }

    /** Of what an app was refused twice nobody is asked again; here the owner stays of one mind. */
    @Override
    public void askOwner(final Activity activity, final String[] wanted, final int code) {
        if (wanted[0].endsWith(".POST_NOTIFICATIONS")) return;
        main.post(new Runnable() {
            @Override
            public void run() {
                for (String one : wanted) if (ownerAgrees) permissions.add(one);
                say("asked for " + wanted.length + " permissions");
                activity.onRequestPermissionsResult(code, wanted, new int[wanted.length]);
            }
        });
    }

    @Override
    public ContentResolver resolver() {
        return media;
    }

    @Override
    public void register(BroadcastReceiver receiver) {
        power = receiver;
    }

    private void say(String line) {
        out.println(line);
    }

    private void broadcast(String action) {
        new BootReceiver().onReceive(new android.content.ContextWrapper(), new Intent(action));
        say("broadcast" + (NotificationManager.shown == 0 ? "" : " notice"));
    }

    private void open() {
        activity = new MainActivity();
        call(activity, "onCreate");
        call(activity, "onStart");
        say("opened");
    }

    /** Of those that the system calls. */
    private void call(MainActivity of, String name) {
        try {
            boolean isCreate = name.equals("onCreate");
            java.lang.reflect.Method method = isCreate
                    ? MainActivity.class.getDeclaredMethod(name, android.os.Bundle.class)
                    : MainActivity.class.getDeclaredMethod(name);
            method.setAccessible(true);
            if (isCreate) method.invoke(of, (Object) null);
            else method.invoke(of);
        } catch (ReflectiveOperationException e) {
            say("failed " + e.getCause());
        }
    }

    /** As the WebView would, once it was told what to show. */
    private void fetchInBackground() {
        new Thread() {
            @Override
            public void run() {
                try {
                    while (WebView.lastUrl == null) Thread.sleep(20);
                    String url = WebView.lastUrl;
                    say("page " + url.replaceAll(".*#", "#") + " " + status(url, CookieManager.last.split(";")[0]) + " " + status(url, "x=y"));
                } catch (Exception e) {
                    say("failed " + e);
                }
            }
        }.start();
    }

    private static int status(String url, String cookie) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL(url.replaceAll("#.*", "")).openConnection();
        connection.setRequestProperty("Cookie", cookie);
        return connection.getResponseCode();
    }

    @Override
    public File folder(String name) {
        File made = new File(folder, name);
        made.mkdirs();
        return made;
    }

    @Override
    public File assets() {
        return assets;
    }

    @Override
    public Object service(String name) {
        if (name.equals(Context.BATTERY_SERVICE)) return new BatteryManager();
        if (name.equals(Context.CONNECTIVITY_SERVICE)) return new ConnectivityManager();
        if (name.equals(Context.POWER_SERVICE)) return new PowerManager();
        if (name.equals(Context.WIFI_SERVICE)) return new WifiManager();
        if (name.equals(Context.JOB_SCHEDULER_SERVICE)) return new JobScheduler();
        return new NotificationManager();
    }

    @Override
    public void start(final Intent intent, final boolean foreground) {
        main.post(new Runnable() {
            @Override
            public void run() {
                make();
                int sticky = service.onStartCommand(intent, 0, 1);
                // a service that was started so and shows nothing ends the app
                if (foreground && !service.isForeground) say("killed");
                say("service " + sticky + (service.isForeground ? " shown" : "") + (service.isStopped ? " stopped" : "")
                        + (service.isStopped && PowerManager.held ? " awake" : ""));
            }
        });
    }

    private void make() {
        if (service != null) return;
        service = new NodeService();
        service.onCreate();
    }

    @Override
    public void bind(final ServiceConnection connection) {
        main.post(new Runnable() {
            @Override
            public void run() {
                make();
                connection.onServiceConnected(new ComponentName(), service.onBind(new Intent()));
            }
        });
    }
}

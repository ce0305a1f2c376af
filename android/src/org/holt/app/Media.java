package org.holt.app;

import android.content.Context;
import android.os.Build;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers what the node asks about pictures, on a thread of its own, one question after the other. There is nothing in it that removes one. */
final class Media {
    interface Asker {
        /** Has the system ask its owner. @return false when the app is not open. */
        boolean askAccess();
    }

    private final Context context;
    private final Line line;
    private final Asker asker;
    private final MediaList list;
    private final MediaReader reader;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    Media(Context context, Line line, Asker asker) {
        this.context = context;
        this.line = line;
        this.asker = asker;
        list = new MediaList(context);
        reader = new MediaReader(context);
    }

    void ask(final Map<?, ?> question) {
        thread.execute(new Runnable() {
            @Override
            public void run() {
                answer(question);
            }
        });
    }

    void end() {
        thread.shutdown();
    }

    private void answer(Map<?, ?> question) {
        Object number = question.get("number");
        try {
            Object value = valueOf(question);
            if (value instanceof byte[]) {
                line.send(answer(number, "bytes", ((byte[]) value).length), (byte[]) value);
            } else {
                reader.close();
                line.send(answer(number, "value", value));
            }
        } catch (FileNotFoundException e) {
            refuse(number, "NOT_FOUND", e);
        } catch (IOException e) {
            refuse(number, "IO_FAILED", e);
        } catch (SecurityException e) {
            refuse(number, "NOT_AUTHORIZED", e);
        } catch (RuntimeException e) {
            // a card that was taken out in the midst, a list that is being made anew: Android says it so
            refuse(number, "IO_FAILED", e);
        }
    }

    private Object valueOf(Map<?, ?> question) throws IOException {
        String what = (String) question.get("what");
        if ("media-state".equals(what)) return state();
        if ("media-access".equals(what)) return asker.askAccess();
        String volume = (String) question.get("volume");
        long id = (Long) question.get("id");
        if ("media-read".equals(what))
            return reader.read(list.uri(volume, id, (Boolean) question.get("video")), (Long) question.get("offset"),
                    ((Long) question.get("lengthBytes")).intValue());
        long change = (Long) question.get("change");
        boolean videos = (Boolean) question.get("videos");
        if ("media-count".equals(what)) return list.count(volume, change, id, videos);
        if ("media-list".equals(what)) return list.list(volume, change, id, videos, ((Long) question.get("limit")).intValue());
        throw new IOException("no answer to " + what);
    }

    private Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<String, Object>();
        String access = MediaAccess.of(context);
        state.put("access", access);
        state.put("places", MediaAccess.givesPlaces(context));
        state.put("volumes", "none".equals(access) ? Collections.emptyList() : list.volumes());
        state.put("phone", Build.MODEL);
        return state;
    }

    private void refuse(Object number, String code, Exception e) {
        Map<String, Object> answer = answer(number, "code", code);
        answer.put("message", String.valueOf(e.getMessage()));
        line.send(answer);
    }

    private static Map<String, Object> answer(Object number, String field, Object value) {
        Map<String, Object> answer = new LinkedHashMap<String, Object>();
        answer.put("kind", "answer");
        answer.put("number", number);
        answer.put(field, value);
        return answer;
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.engine.cli.submission;

import dev.stafette.engine.pickup.Handover;
import dev.stafette.engine.pickup.RecordWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Hands a message to a {@code postdrop} that has the right to write into {@code maildrop/}, which its caller lacks.
 * Thread: main.
 */
final class PostdropPipe implements Handover {
    /** Of what it says: a queue id, a status and a reason. */
    private static final int ANSWER_BYTES_MAX = 4096;

    private final Process process;
    private final WritableByteChannel out;
    private final RecordWriter records;
    private final InputStream in;
    private String id = "";

    private PostdropPipe(Process process, long bytesMax) {
        this.process = process;
        this.out = Channels.newChannel(process.getOutputStream());
        this.records = new RecordWriter(out, bytesMax);
        this.in = process.getInputStream();
    }

    static PostdropPipe open(Path program, Path configDirectory, long bytesMax) throws IOException {
        Process process = new ProcessBuilder(program.toString(), "-c", configDirectory.toString(), "-r")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        PostdropPipe pipe = new PostdropPipe(process, bytesMax);
        pipe.id = pipe.read("queue_id");
        if (pipe.id.isEmpty()) {
            pipe.close();
            throw new IOException(program + " has not begun a message");
        }
        return pipe;
    }

    /** The value of a name, out of the names and values up to the next empty name. */
    private String read(String wanted) throws IOException {
        String value = "";
        for (String name = readText(); !name.isEmpty(); name = readText()) {
            String next = readText();
            value = name.equals(wanted) ? next : value;
        }
        return value;
    }

    private String readText() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int b = in.read(); b > 0; b = in.read()) {
            if (text.length() == ANSWER_BYTES_MAX) {
                throw new IOException(PostdropCommand.NAME + ": unreadable answer");
            }
            text.append((char) b);
        }
        return new String(text.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public RecordWriter records() {
        return records;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public void commit() throws IOException {
        records.flush();
        out.close();
        String status = read("status");
        if (!status.equals("0")) {
            throw new IOException(PostdropCommand.NAME + " has not taken the message"
                    + (status.isEmpty() ? "" : ": status " + status));
        }
    }

    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            process.onExit().join();
            in.close();
        }
    }
}

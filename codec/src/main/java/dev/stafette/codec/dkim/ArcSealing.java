// SPDX-License-Identifier: Apache-2.0
package dev.stafette.codec.dkim;

import dev.stafette.codec.message.HeaderFields;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * One more set of a chain while it comes to be (RFC 8617 §5.1): what is to be signed first, what is to be sealed then, and its
 * three fields.
 * Thread: any, one at a time.
 */
public final class ArcSealing {
    private static final int LINE_MAX = 72;

    private final ArcChain chain;
    private final SignatureTags tags;
    private final String validation;
    private final int instance;

    // Owned by whoever seals.
    private final String results;
    private final String unsigned;
    private final byte[] signedBytes;
    private String message = "";

    private ArcSealing(
            ArcChain chain,
            SignatureTags tags,
            String validation,
            String results,
            String unsigned,
            byte[] signedBytes) {
        this.chain = chain;
        this.tags = tags;
        this.validation = validation;
        this.instance = chain.count() + 1;
        this.results = results;
        this.unsigned = unsigned;
        this.signedBytes = signedBytes;
    }

    /**
     * @param header in the relaxed form
     * @param chain that of the header
     * @param validation {@code none}, {@code pass} or {@code fail}
     * @param results what stands behind the colon of Authentication-Results
     */
    public static ArcSealing of(
            SignedHeader header,
            ArcChain chain,
            SignatureTags tags,
            String validation,
            String results,
            byte[] bodyHash) {
        int instance = chain.count() + 1;
        String unsigned = ArcChain.SIGNATURE + ": i=" + instance + "; a="
                + tags.algorithm().word() + "; c=relaxed/relaxed;\r\n\td=" + tags.domain() + "; s=" + tags.selector()
                + "; t=" + tags.signedS() + ";\r\n\th=" + folded(String.join(":", header.names()), ":")
                + ";\r\n\tbh=" + Base64.getEncoder().encodeToString(bodyHash) + ";\r\n\tb=";
        return new ArcSealing(
                chain,
                tags,
                validation,
                ArcChain.RESULTS + ": i=" + instance + "; " + results.strip(),
                unsigned,
                header.with(unsigned));
    }

    /** What the message signature is about. */
    public byte[] signedBytes() {
        return signedBytes;
    }

    /** What the seal is about, with that signature. A broken chain's covers nothing of what was before (RFC 8617 §5.1.2). */
    public List<byte[]> sealedBytes(byte[] signature) {
        message = unsigned + folded(Base64.getEncoder().encodeToString(signature), "");
        List<byte[]> pieces = new ArrayList<>();
        if (!validation.equals("fail")) {
            chain.sets().forEach(set -> pieces.add(set.whole()));
        }
        CanonicalHeader own = new CanonicalHeader(Canonicalization.RELAXED);
        own.addText(results);
        own.addText(message);
        own.addLast(unsealed());
        pieces.add(own.bytes());
        return pieces;
    }

    private String unsealed() {
        return ArcChain.SEAL + ": i=" + instance + "; a=" + tags.algorithm().word() + "; cv=" + validation + ";\r\n\td="
                + tags.domain() + "; s=" + tags.selector() + "; t=" + tags.signedS() + ";\r\n\tb=";
    }

    /** Writes the fields, the topmost last, each to be put on top when it is there. {@code seal}: of {@link #sealedBytes}. */
    public void write(byte[] seal, HeaderFields header) {
        put(results, header);
        put(message, header);
        put(unsealed() + folded(Base64.getEncoder().encodeToString(seal), ""), header);
    }

    private static void put(String field, HeaderFields header) {
        ByteBuf out = header.newField();
        out.writeCharSequence(field + "\r\n", StandardCharsets.UTF_8);
        header.put(0);
    }

    /** Broken before the line is too long, at any character or behind one of these. */
    private static String folded(String text, String behind) {
        StringBuilder out = new StringBuilder();
        int from = 0;
        while (text.length() - from > LINE_MAX) {
            int last = behind.isEmpty() ? from + LINE_MAX - 1 : text.lastIndexOf(behind, from + LINE_MAX - 1);
            int to = last < from ? from + LINE_MAX : last + 1;
            out.append(text, from, to).append("\r\n\t ");
            from = to;
        }
        return out.append(text, from, text.length()).toString();
    }
}

// SPDX-License-Identifier: Apache-2.0
package dev.stafette.delivery.route;

import dev.stafette.delivery.route.DnsAnswer.MxRecord;
import dev.stafette.delivery.route.DnsAnswer.Outcome;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads one response for one question: follows the CNAMEs it holds (RFC 1034 §3.6.2) and takes the records at their end.
 * Thread: event loop.
 */
final class DnsResponseReader {
    /** RFC 2308 §5 asks for an upper limit of one to three hours on negative answers. */
    private static final long NEGATIVE_SECONDS_MAX = 3600;

    private static final long NEGATIVE_SECONDS_WITHOUT_SOA = 60;
    /** Even what may be kept for longer is asked for once a day. */
    static final long SECONDS_MAX = 86_400;

    private final DnsResponse response;
    private final DnsRecordType type;

    // Owned by the loop.
    private String name;
    private long secondsLeft;
    private int aliasCount;

    /** The response is borrowed for as long as the reader is used. */
    DnsResponseReader(DnsResponse response, String name, DnsRecordType type, long secondsMax) {
        this.response = response;
        this.name = name;
        this.type = type;
        this.secondsLeft = secondsMax;
    }

    int aliasCount() {
        return aliasCount;
    }

    /** Where the CNAMEs led, after {@link #read}; to be asked for where the answer had no data for it. */
    String canonicalName() {
        return name;
    }

    /** Returns null when the server did not do its job and another should be asked. */
    @Nullable
    DnsAnswer read() {
        DnsResponseCode code = response.code();
        boolean found = DnsResponseCode.NOERROR.equals(code);
        if (!found && !DnsResponseCode.NXDOMAIN.equals(code)) {
            return null;
        }
        int hops = response.count(DnsSection.ANSWER);
        for (String target = aliasOf(name); target != null && hops > 0; target = aliasOf(name)) {
            name = target;
            aliasCount++;
            hops--;
        }
        if (!found) {
            return DnsAnswer.none(Outcome.NO_HOST, negativeSeconds());
        }
        List<MxRecord> exchanges = new ArrayList<>(0);
        List<InetAddress> addresses = new ArrayList<>(1);
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord answer = response.recordAt(DnsSection.ANSWER, i);
            if (type.equals(answer.type()) && sameName(answer.name()) && answer instanceof ByteBufHolder holder) {
                ByteBuf content = holder.content().duplicate();
                if (DnsRecordType.MX.equals(type)) {
                    exchanges.add(exchange(content));
                } else {
                    addAddress(content, addresses);
                }
                secondsLeft = Math.min(secondsLeft, answer.timeToLive());
            }
        }
        return exchanges.isEmpty() && addresses.isEmpty()
                ? DnsAnswer.none(Outcome.NO_DATA, negativeSeconds())
                : new DnsAnswer(Outcome.FOUND, exchanges, addresses, secondsLeft);
    }

    private @Nullable String aliasOf(String owner) {
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord answer = response.recordAt(DnsSection.ANSWER, i);
            if (DnsRecordType.CNAME.equals(answer.type())
                    && canonical(answer.name()).equals(owner)
                    && answer instanceof ByteBufHolder holder) {
                secondsLeft = Math.min(secondsLeft, answer.timeToLive());
                return canonical(
                        DefaultDnsRecordDecoder.decodeName(holder.content().duplicate()));
            }
        }
        return null;
    }

    private boolean sameName(String owner) {
        return canonical(owner).equals(name);
    }

    private static MxRecord exchange(ByteBuf content) {
        int preference = content.readUnsignedShort();
        return new MxRecord(preference, canonical(DefaultDnsRecordDecoder.decodeName(content)));
    }

    private static void addAddress(ByteBuf content, List<InetAddress> addresses) {
        byte[] bytes = new byte[content.readableBytes()];
        content.readBytes(bytes);
        try {
            addresses.add(InetAddress.getByAddress(bytes));
        } catch (UnknownHostException wrongLength) {
            // Neither 4 nor 16 bytes: as good as not there.
        }
    }

    /** RFC 2308 §5: the lesser of the SOA record's own time and its last field. */
    private long negativeSeconds() {
        for (int i = 0; i < response.count(DnsSection.AUTHORITY); i++) {
            DnsRecord soa = response.recordAt(DnsSection.AUTHORITY, i);
            if (DnsRecordType.SOA.equals(soa.type()) && soa instanceof ByteBufHolder holder) {
                ByteBuf content = holder.content();
                long minimum = content.readableBytes() < 4 ? 0 : content.getUnsignedInt(content.writerIndex() - 4);
                return Math.min(Math.min(minimum, soa.timeToLive()), Math.min(secondsLeft, NEGATIVE_SECONDS_MAX));
            }
        }
        return Math.min(secondsLeft, NEGATIVE_SECONDS_WITHOUT_SOA);
    }

    static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}

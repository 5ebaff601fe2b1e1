package dev.mona.deploy.kubernetes;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import okio.Buffer;

/**
 * Answers as an API server does where the mock that stores objects does not: a server-side apply
 * makes an object that is not there, a new pod is pending, and a token may do only what its role
 * allows.
 */
final class ApiDispatcher extends KubernetesCrudDispatcher {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String administrator;
  private final Map<String, Set<String>> allowed;
  private final Map<String, Set<String>> used = new ConcurrentHashMap<>();
  private final Map<String, Set<String>> refused = new ConcurrentHashMap<>();

  /**
   * @param administrator token that may do everything
   * @param allowed what each other token may do, as {@link Access#allowedBy} has it
   */
  ApiDispatcher(String administrator, Map<String, Set<String>> allowed) {
    this.administrator = administrator;
    this.allowed = Map.copyOf(allowed);
  }

  /** What a token has asked for and was allowed. */
  Set<String> used(String token) {
    return used.getOrDefault(token, Set.of());
  }

  /** What tokens, among them unknown ones, have asked for in vain. */
  Map<String, Set<String>> refused() {
    return refused;
  }

  @Override
  public MockResponse dispatch(RecordedRequest request) {
    String path = request.getPath().replaceFirst("\\?.*", "");
    boolean apply =
        request.getMethod().equals("PATCH")
            && String.valueOf(request.getHeader("Content-Type")).contains("apply-patch");
    Buffer body = request.getBody().clone();
    boolean absent = apply && code(super.dispatch(of(request, "GET", path, new Buffer()))) == 404;

    if (!mayDo(request, absent)) {
      return new MockResponse()
          .setResponseCode(403)
          .setHeader("Content-Type", "application/json")
          .setBody(
              "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"status\":\"Failure\",\"code\":403,"
                  + "\"reason\":\"Forbidden\",\"message\":\"forbidden by the role\"}");
    }
    if (apply) {
      return super.dispatch(
          absent
              ? of(request, "POST", path.substring(0, path.lastIndexOf('/')), body)
              : of(request, "PUT", path, body));
    }
    if (request.getMethod().equals("POST") && path.endsWith("/pods")) {
      return super.dispatch(of(request, "POST", request.getPath(), pending(body)));
    }
    return super.dispatch(request);
  }

  private boolean mayDo(RecordedRequest request, boolean creates) {
    String header = String.valueOf(request.getHeader("Authorization"));
    String token = header.startsWith("Bearer ") ? header.substring(7) : "no token";
    if (token.equals(administrator)) {
      return true;
    }
    Optional<Access> access = Access.of(request.getMethod(), request.getPath());
    if (access.isEmpty()) {
      return note(refused, token, request.getMethod() + " " + request.getPath(), false);
    }
    boolean may = check(token, access.get());
    return creates ? check(token, access.get().withVerb("create")) && may : may;
  }

  private boolean check(String token, Access access) {
    boolean may = allowed.getOrDefault(token, Set.of()).contains(access.toString());
    return note(may ? used : refused, token, access.toString(), may);
  }

  private static boolean note(
      Map<String, Set<String>> where, String token, String what, boolean may) {
    where.computeIfAbsent(token, t -> new ConcurrentSkipListSet<>()).add(what);
    return may;
  }

  private static Buffer pending(Buffer body) {
    try {
      ObjectNode pod = (ObjectNode) JSON.readTree(body.readUtf8());
      pod.withObject("/status").put("phase", "Pending");
      return new Buffer().writeUtf8(JSON.writeValueAsString(pod));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int code(MockResponse response) {
    return Integer.parseInt(response.getStatus().split(" ", 3)[1]);
  }

  private static RecordedRequest of(
      RecordedRequest request, String method, String path, Buffer body) {
    return new RecordedRequest(
        method + " " + path + " HTTP/1.1",
        request.getHeaders().newBuilder().set("Content-Type", "application/json").build(),
        List.of(),
        body.size(),
        body,
        request.getSequenceNumber(),
        new Loopback());
  }

  /** A request asks its socket for the address of the server. */
  private static final class Loopback extends Socket {
    @Override
    public InetAddress getLocalAddress() {
      return InetAddress.getLoopbackAddress();
    }

    @Override
    public int getLocalPort() {
      return 80;
    }
  }
}

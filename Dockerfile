# The picker alone, framework-dependent and compiled ahead of time, on a base without a shell.
# docker build --build-arg VERSION=0.1.0 --build-arg COMMIT=$(git rev-parse HEAD) -t epp .
FROM mcr.microsoft.com/dotnet/sdk:10.0.401-noble AS build
WORKDIR /src

# Packages are a layer of their own, which changes with the lock files alone.
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY src/Directory.Build.props src/BannedSymbols.txt src/
COPY src/EndpointPicker/EndpointPicker.csproj src/EndpointPicker/packages.lock.json src/EndpointPicker/
COPY src/EndpointPicker/Grpc/Reflection/Descriptors.targets src/EndpointPicker/Grpc/Reflection/
COPY src/EndpointPicker.Configuration/EndpointPicker.Configuration.csproj src/EndpointPicker.Configuration/packages.lock.json src/EndpointPicker.Configuration/
COPY src/EndpointPicker.Core/EndpointPicker.Core.csproj src/EndpointPicker.Core/packages.lock.json src/EndpointPicker.Core/
RUN dotnet restore src/EndpointPicker --locked-mode

COPY protos/ protos/
COPY src/EndpointPicker.Core/ src/EndpointPicker.Core/
COPY src/EndpointPicker.Configuration/ src/EndpointPicker.Configuration/
COPY src/EndpointPicker/ src/EndpointPicker/
# They show in the logs' first line and in the metric llm_d_epp_info.
ARG VERSION=0.1.0
ARG COMMIT=unknown
RUN dotnet publish src/EndpointPicker --no-restore -c Release -p:Version=${VERSION} -p:SourceRevisionId=${COMMIT} -o artifacts/epp

FROM mcr.microsoft.com/dotnet/aspnet:10.0.12-noble-chiseled
ARG VERSION=0.1.0
ARG COMMIT=unknown
LABEL org.opencontainers.image.title="EndpointPicker" \
      org.opencontainers.image.description="Picks, for every LLM request that passes an Envoy, the model server that shall serve it" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${COMMIT}"
COPY --from=build /src/artifacts/epp /app
# A number, so that Kubernetes' runAsNonRoot can tell; it is the base's own user.
USER 1654
EXPOSE 9002 9003 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=10s CMD ["/app/epp", "--probe=127.0.0.1:9003"]
ENTRYPOINT ["/app/epp"]

# Undertone: one image for the worker and for every command. Build: docker build -t undertone .
FROM node:22-slim AS build
WORKDIR /app
# Dependencies first: they change less often than the code, and this layer is kept.
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY src ./src
COPY jobs ./jobs
COPY lexicons ./lexicons
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:22-slim
# tini passes signals on and reaps children, also where docker run is given no --init.
RUN apt-get update && apt-get install -y --no-install-recommends tini && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
COPY --from=build /app/package.json /app/package.json
COPY --from=build /app/node_modules /app/node_modules
COPY --from=build /app/lexicons /app/lexicons
COPY --from=build /app/dist /app/dist
# undertone.yaml is read from here, and the embedded store is kept here where no MongoDB is given.
RUN chmod +x /app/dist/src/cli/main.js && ln -s /app/dist/src/cli/main.js /usr/local/bin/undertone && mkdir /data && chown node:node /data
USER node
WORKDIR /data
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=60s --timeout=30s --start-period=30s --retries=3 CMD ["undertone", "doctor"]
ENTRYPOINT ["tini", "--", "undertone"]
CMD ["worker"]

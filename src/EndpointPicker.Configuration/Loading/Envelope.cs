using EndpointPicker.Configuration.Schemas;

namespace EndpointPicker.Configuration.Loading;

/// <summary>The fields of an <c>EndpointPickerConfig</c> outside of plugin parameters.</summary>
internal static class Envelope
{
    public const string Kind = "EndpointPickerConfig";
    public const string ApiVersion = "llm-d.ai/v1alpha1";
    public const string LegacyApiVersion = "inference.networking.x-k8s.io/v1alpha1";

    public static readonly TextField ApiVersionField = new("apiVersion", ApiVersion, "The version of this format.");
    public static readonly TextField KindField = new("kind", Kind, "The kind of document.");
    public static readonly TextListField FeatureGates = new("featureGates", "Features to turn on or off: name, name=true or name=false.");

    public static readonly TextField PluginName = new("name", "", "The plugin's name; its type where absent.");
    public static readonly TextField PluginTypeField = new("type", "", "The plugin's type.") { Required = true };
    public static readonly RawField PluginParameters = new("parameters", "The plugin's parameters.");
    public static readonly ObjectListField Plugins = new(
        "plugins", new Schema(PluginName, PluginTypeField, PluginParameters), "The plugins.");

    public static readonly TextField PluginRef = new("pluginRef", "", "The plugin's name.") { Required = true };
    public static readonly Schema Reference = new(PluginRef);

    public static readonly TextField ProfileName = new("name", "", "The profile's name.") { Required = true };
    public static readonly NumberField Weight = new("weight", 1, "What a scorer's scores are multiplied with.");
    public static readonly ObjectListField ProfilePlugins = new("plugins", new Schema(PluginRef, Weight), "The profile's plugins.");
    public static readonly ObjectListField SchedulingProfiles = new(
        "schedulingProfiles", new Schema(ProfileName, ProfilePlugins), "The scheduling profiles.");

    public static readonly ObjectField SaturationDetector = new("saturationDetector", Reference, "The plugin that says how full the pool is.");
    public static readonly ObjectField Parser = new("parser", Reference, "The only parser.");
    public static readonly ObjectListField Parsers = new("parsers", Reference, "The parsers of request bodies, in order.");
    public static readonly ObjectField RequestHandler = new("requestHandler", new Schema(Parsers), "How requests are read.");

    public static readonly SwitchField InjectDefaults = new("injectDefaults", true, "Whether scraping of model servers is set up without being named.");
    public static readonly ObjectListField Extractors = new("extractors", Reference, "What reads the source's data, in order.");
    public static readonly ObjectListField Sources = new("sources", new Schema(PluginRef, Extractors), "The data sources.");
    public static readonly ObjectField Discovery = new("discovery", Reference, "Where endpoints come from; Kubernetes where absent.");
    public static readonly ObjectField PeerDiscovery = new("peerDiscovery", Reference, "How other replicas are found.");
    public static readonly TextField Syncer = new("crossReplicaSyncerPluginRef", "", "What shares state between replicas.");
    public static readonly DurationField SyncInterval = new("crossReplicaSyncInterval", null, "How often state is shared.");
    public static readonly ObjectField DataLayer = new(
        "dataLayer",
        new Schema(InjectDefaults, Sources, Discovery, PeerDiscovery, Syncer, SyncInterval),
        "Where endpoints and their signals come from.");

    public static readonly IntegerField Priority = new("priority", 0, "The priority; higher is more important.");
    public static readonly QuantityField MaxBytes = new("maxBytes", 0, "Bytes of request bodies that may wait.");
    public static readonly QuantityField MaxRequests = new("maxRequests", 0, "Requests that may wait.");
    public static readonly TextField FairnessPolicy = new("fairnessPolicyRef", "", "What chooses between flows.");
    public static readonly TextField OrderingPolicy = new("orderingPolicyRef", "", "What orders a flow.");
    public static readonly Schema Band = new(Priority, MaxBytes, MaxRequests, FairnessPolicy, OrderingPolicy);
    public static readonly DurationField RequestTtl = new("defaultRequestTTL", null, "How long a request may wait; 0s for no limit.");
    public static readonly DurationField NoEndpointTtl = new("noEndpointRequestTTL", null, "The same while the pool is empty.");
    public static readonly ObjectField DefaultBand = new("defaultPriorityBand", Band, "The band of other priorities from 0 up.");
    public static readonly ObjectField DefaultNegativeBand = new("defaultNegativePriorityBand", Band, "The band of other priorities below 0.");
    public static readonly ObjectListField Bands = new("priorityBands", Band, "The bands.");
    public static readonly TextField UsageLimitPolicy = new("usageLimitPolicyPluginRef", "", "What sets the bands' ceilings.");
    public static readonly SwitchField EnableEviction = new("enableEviction", false, "Whether requests under way may be ended for more important ones.");
    public static readonly ObjectField FlowControl = new(
        "flowControl",
        new Schema(
            MaxBytes,
            MaxRequests,
            RequestTtl,
            NoEndpointTtl,
            DefaultBand,
            DefaultNegativeBand,
            Bands,
            UsageLimitPolicy,
            SaturationDetector,
            EnableEviction),
        "Queues and priorities; needs the feature gate flowControl.");

    public static readonly Schema Root = new(
        ApiVersionField,
        KindField,
        FeatureGates,
        Plugins,
        SchedulingProfiles,
        RequestHandler,
        DataLayer,
        FlowControl,
        SaturationDetector,
        Parser);
}

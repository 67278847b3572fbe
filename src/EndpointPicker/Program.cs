using EndpointPicker.Hosting;

return await EppApplication.RunAsync(args);
